"""One call for everybody who has a bundle: the upload page, `flask check-bundle`, `flask score`."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from app.bundles.archive import open_bundle
from app.bundles.distributions import installed_here
from app.bundles.folder import BundleFile, BundleFiles
from app.bundles.problems import BundleRefused, Problem, Severity, has_errors, in_order
from app.bundles.reader import ReadResult, read_bundle
from app.bundles.requirement_remarks import needs_remarks
from app.bundles.requirements import Need, script_needs
from app.bundles.result_remarks import result_remarks
from app.bundles.samples import find_samples
from app.bundles.script import ScriptResult, take_script
from app.bundles.spec import ChallengeSpec
from app.bundles.zip_listing import ArchiveLimits


@dataclass(frozen=True, slots=True)
class CheckedBundle:
    """A bundle that was looked at. `spec` and `script_folder` are None where errors stand in their way.

    `root` is the folder that all paths in `spec` count from; `samples` are files that look like submissions;
    `needs` are the packages that the script needs.
    """

    spec: ChallengeSpec | None
    problems: list[Problem]
    root: Path | None = None
    script_folder: Path | None = None
    files: tuple[BundleFile, ...] = ()
    samples: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether the bundle can be imported."""
        return self.spec is not None and not has_errors(self.problems)

    def count(self, severity: Severity) -> int:
        """Return how many problems there are of one severity."""
        return sum(problem.severity is severity for problem in self.problems)


def check(path: Path, *, work_dir: Path, default_zone: str, limits: ArchiveLimits | None = None) -> CheckedBundle:
    """Open the zip at `path`, read it and its script, and return the challenge with all problems.

    Unpacks into `bundle/` and `script/` of `work_dir`, which the caller removes when it is done. Never raises for
    what the zip holds. `default_zone` is the IANA name of the zone of times without an offset.
    """
    limits = limits or ArchiveLimits()
    try:
        files = open_bundle(path, work_dir / "bundle", limits=limits)
    except BundleRefused as refusal:
        return CheckedBundle(None, refusal.problems)
    return check_folder(files, work_dir=work_dir, default_zone=default_zone, limits=limits)


def check_folder(
    files: BundleFiles, *, work_dir: Path, default_zone: str, limits: ArchiveLimits | None = None
) -> CheckedBundle:
    """Read a bundle that is unpacked already, again after missing files were put in; see `check`."""
    shutil.rmtree(work_dir / "script", ignore_errors=True)
    read = read_bundle(files, default_zone=default_zone)
    script = take_script(
        files,
        read.script,
        configuration=read.configuration,
        into=work_dir / "script",
        limits=limits or ArchiveLimits(),
    )
    needs = script_needs(script.folder) if script.folder and read.needs_script else []
    remarks = needs_remarks(needs, installed_here(), label=script.label)
    if script.folder and read.spec and read.needs_script and not has_errors(script.problems):
        remarks += result_remarks(script.folder, read.spec, label=script.label)
    problems = in_order([*read.problems, *_placed(read, script), *remarks])
    annotations = {phase.test_annotation_file for phase in read.spec.challenge_phases} if read.spec else set()
    return CheckedBundle(
        spec=None if has_errors(problems) else read.spec,
        problems=problems,
        root=files.root,
        script_folder=script.folder,
        files=files.files,
        samples=find_samples(files.files, annotations=annotations),
        needs=tuple(needs),
    )


def supplied(files: BundleFiles, path: str) -> BundleFiles:
    """Return the bundle with a file that was put into its folder afterwards."""
    size = files.on_disk(path).stat().st_size
    others = tuple(file for file in files.files if file.path != path)
    return BundleFiles(files.root, (*others, BundleFile(path, size)), files.skipped, files.problems)


def _placed(read: ReadResult, script: ScriptResult) -> list[Problem]:
    """Give what is said of the script as a whole the line that names it; drop errors where nothing runs here."""
    placed = [_at_its_line(read, problem) for problem in script.problems]
    return [problem for problem in placed if read.needs_script or problem.severity is not Severity.ERROR]


def _at_its_line(read: ReadResult, problem: Problem) -> Problem:
    if problem.path != "evaluation_script" or read.document is None or problem.line is not None:
        return problem
    mark = read.document.place(("evaluation_script",))
    return replace(
        problem,
        file=problem.file or read.configuration,
        line=None if problem.file else mark.line,
        column=None if problem.file else mark.column,
        excerpt=() if problem.file else read.document.excerpt(mark.line),
    )
