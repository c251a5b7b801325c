"""Names of packages: what an import is called where packages are installed, and what is installed here."""

import re
import sys
from collections.abc import Mapping
from functools import cache
from importlib import metadata

# What people import, where it is installed under another name. With a dot, because google.cloud is something else.
_INSTALLED_AS = {
    "attr": "attrs", "Bio": "biopython", "bs4": "beautifulsoup4", "Crypto": "pycryptodome",
    "cv2": "opencv-python-headless", "dateutil": "python-dateutil", "dotenv": "python-dotenv", "fitz": "pymupdf",
    "git": "gitpython", "google.protobuf": "protobuf", "jose": "python-jose", "jwt": "pyjwt", "magic": "python-magic",
    "MeCab": "mecab-python3", "mpl_toolkits": "matplotlib", "OpenSSL": "pyopenssl", "osgeo": "gdal", "PIL": "pillow",
    "pkg_resources": "setuptools", "psycopg2": "psycopg2-binary", "serial": "pyserial", "skimage": "scikit-image",
    "sklearn": "scikit-learn", "skopt": "scikit-optimize", "slugify": "python-slugify", "umap": "umap-learn",
    "yaml": "pyyaml", "zmq": "pyzmq",
}  # fmt: skip
# What people ask pip for although the package is called otherwise: on PyPI these are empty or refuse to be installed.
_MEANT = {
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "pil": "pillow",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
# A stand-in for pip answers in every environment; the others build packages, which nothing does in an evaluation.
ALWAYS_THERE = frozenset({"pip", "setuptools", "wheel"})


def canonical(name: str) -> str:
    """Return the form in which names of packages are equal (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def meant(name: str) -> tuple[str, bool]:
    """Return the package that somebody means by a name given to pip, and whether that is another name."""
    asked = canonical(name)
    return _MEANT.get(asked, asked), asked in _MEANT


def distribution_of(module: str) -> str:
    """Return the package that offers a module, named with its dots; the module's own name where nobody knows."""
    steps = module.split(".")
    here = set(_modules_here().get(steps[0], ()))
    if len(here) == 1:
        return canonical(here.pop())
    return canonical(_INSTALLED_AS.get(".".join(steps[:2])) or _INSTALLED_AS.get(steps[0]) or steps[0])


def is_standard(module: str) -> bool:
    """Whether a module is part of Python itself."""
    return module.split(".", maxsplit=1)[0] in sys.stdlib_module_names


@cache
def installed_here() -> Mapping[str, str]:
    """Return the version of every package of the environment this process runs in, by canonical name."""
    return {canonical(it.name): it.version for it in metadata.distributions() if it.name}


@cache
def _modules_here() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()
