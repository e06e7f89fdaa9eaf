"""Plans a stack as it is here and as it is at another commit, side by side.

The other commit is checked out into a folder of its own, and plans itself: with its own program, its own `ops plan` and
the packages that it names. Nothing of the present state reaches it but the interpreter, where both name the same.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops.plan.run import RefusedError, UnknownStackError, plan

# Of an environment that was made whole.
_READY = ".ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plans:
    """Texts of both plans by their paths. A stack that a commit does not have has none."""

    base: str
    """Name of the commit that is compared with, for people."""

    old: Mapping[str, str]
    new: Mapping[str, str]


class UnknownCommitError(Exception):
    """There is no such commit, or none that both come from."""


def both(stack: str, ref: str, root: Path) -> Plans:
    """Plans both. Raises UnknownCommitError, UnknownStackError or RefusedError."""
    commit = _base(ref, root)
    with tempfile.TemporaryDirectory(prefix="openpolicy-diff-") as scratch, _worktree(commit, root, scratch) as there:
        known = _file(stack, there).exists()
        if not known and not _file(stack, root).exists():
            raise UnknownStackError(f"there is no stack {stack}, neither here nor at {ref}")
        running = _start(stack, root, there, Path(scratch, "out")) if known else None
        try:
            new = plan(stack, root=root).files if _file(stack, root).exists() else {}
        finally:
            told = running.communicate()[1] if running else ""
        if running and running.returncode:
            raise RefusedError(f"{ref} cannot be planned:\n\n{told.strip()}")
        old = _texts(Path(scratch, "out", stack))
    return Plans(base=f"{ref} ({commit[:9]})", old=old, new=new)


def _file(stack: str, root: Path) -> Path:
    return root / f"Pulumi.{stack}.yaml"


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise UnknownCommitError(done.stderr.strip() or f"git {arguments[0]} found nothing")
    return done.stdout.strip()


def _base(ref: str, root: Path) -> str:
    """The commit that both come from: what others did since then is not part of this change."""
    try:
        commit = _git(root, "rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}")
    except UnknownCommitError:
        raise UnknownCommitError(f"there is no commit {ref}: fetch it, or name another with --base") from None
    try:
        return _git(root, "merge-base", commit, "HEAD")
    except UnknownCommitError:
        raise UnknownCommitError(f"{ref} and this have no commit in common: fetch the whole history") from None


@contextmanager
def _worktree(commit: str, root: Path, scratch: str) -> Generator[Path]:
    folder = Path(scratch, "base")
    within = _git(root, "rev-parse", "--show-prefix")
    _git(root, "worktree", "add", "--detach", str(folder), commit)
    try:
        yield folder / within
    finally:
        _git(root, "worktree", "remove", "--force", str(folder))


def _start(stack: str, root: Path, there: Path, out: Path) -> subprocess.Popen[str]:
    command = [_interpreter(root, there), "-m", "ops", "plan", stack, "--out", str(out)]
    return subprocess.Popen(command, cwd=there, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def _interpreter(root: Path, there: Path) -> str:
    """This one where both name the same packages, else one with those of the other commit."""
    if not (there / "requirements.txt").exists():
        raise RefusedError("that commit names no packages in a requirements.txt: compare with a later one")
    needs = (there / "requirements.txt").read_bytes()
    if needs == (root / "requirements.txt").read_bytes():
        return sys.executable
    # Within this environment, which nobody commits: it takes a minute to make, and the next commit wants the same one.
    others = Path(sys.prefix, "others")
    environment = others / hashlib.sha256(needs).hexdigest()[:16]
    python = environment / "bin" / "python"
    with Path(sys.prefix, "others.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (environment / _READY).exists():
            # One is enough: each takes as much room as this one.
            shutil.rmtree(others, ignore_errors=True)
            _install(python, there / "requirements.txt")
            (environment / _READY).touch()
    return str(python)


def _install(python: Path, needs: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", python.parent.parent], check=True)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", needs]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RefusedError(f"the packages of that commit cannot be installed:\n\n{done.stderr.strip()}")


def _texts(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in files}
