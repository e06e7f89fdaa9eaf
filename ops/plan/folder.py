"""Writes a stack's documents all at once, or not at all."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


def replace_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Makes `folder` hold exactly these files. Until they are all written, what was there stays."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as scratch:
        new, old = Path(scratch, "new"), Path(scratch, "old")
        for path, text in files.items():
            target = new / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        try:
            if folder.exists():
                folder.rename(old)
            new.rename(folder)
        finally:
            # Whoever is interrupted in between has the old ones back.
            if not folder.exists():
                old.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
