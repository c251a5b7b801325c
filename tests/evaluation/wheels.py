"""Wheels made on the fly, so that real environments can be built without a network."""

import zipfile


def make_wheel(folder, name, version="1.0", *, requires=(), **modules):
    """Write a wheel of pure Python into a folder; modules are given as name to source."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    files = {
        f"{module.replace('__pth', '')}{'.pth' if module.endswith('__pth') else '.py'}": text
        for module, text in modules.items()
    }
    needed = "".join(f"Requires-Dist: {it}\n" for it in requires)
    files |= {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needed}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in files.items():
            archive.writestr(inside, text)
        archive.writestr(f"{info}/RECORD", "".join(f"{inside},,\n" for inside in (*files, f"{info}/RECORD")))
    return path
