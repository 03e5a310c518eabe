"""A process as a container holds it: a root that cannot be written to, /tmp alone writable, user 10001 where that can be had."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

REPO = Path(__file__).resolve().parents[3]
USER = "10001"
# Folders that shall be seen are put aside before /tmp, and a home that others may not enter, are covered; then they are put back.
# All mounts are the process's own.
_SCRIPT = """
set -eu
writable=$1; shift
mount -t tmpfs tmpfs /mnt
count=0
for folder in $JAIL_SEEN; do
  count=$((count + 1)); mkdir "/mnt/$count"; mount --bind "$folder" "/mnt/$count"
done
mount --bind "$writable" /tmp
for folder in $JAIL_CLOSED; do mount -t tmpfs -o mode=755 tmpfs "$folder"; done
count=0
for folder in $JAIL_SEEN; do
  count=$((count + 1))
  [ -d "$folder" ] || mkdir -p "$folder"
  mount --bind "/mnt/$count" "$folder"; mount -o remount,bind,ro "$folder"
done
umount -R /mnt
# The image's useradd: DVC asks for the user's name.
{ cat /etc/passwd; echo "trending:x:10001:10001::/tmp:/usr/sbin/nologin"; } > /tmp/.passwd
mount --bind /tmp/.passwd /etc/passwd
cut -d ' ' -f 5 /proc/self/mountinfo | while read -r point; do
  case "$point" in /tmp|/proc|/proc/*|/sys|/sys/*|/dev|/dev/*) ;; *) mount -o remount,bind,ro "$point";; esac
done
exec "$@"
"""


@dataclass(frozen=True)
class Jail:
    """`writable` becomes /tmp; `seen` are folders under the real /tmp that stay visible, read-only."""

    writable: Path
    seen: Sequence[Path] = ()

    def command(self, command: Sequence[str]) -> list[str]:
        """The command, as a container would run it."""
        return [*self._enter, str(self.writable), *self._user, *command]

    def environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        """Nothing of this process's environment but what finds the programs."""
        seen = [REPO, (REPO / ".venv").resolve(), Path(sys.base_prefix), *self.seen]
        above = {folder for each in seen for folder in each.parents if not folder.is_relative_to("/tmp")}
        closed = [str(folder) for folder in sorted(above) if not folder.stat().st_mode & 0o001]
        return {
            "PATH": f"{REPO / '.venv/bin'}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "HOME": "/tmp",
            "TMPDIR": "/tmp",
            "JAIL_SEEN": " ".join(map(str, seen)),
            "JAIL_CLOSED": " ".join(closed) if os.geteuid() == 0 else "",
            **variables,
        }

    def run(self, command: Sequence[str], variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run to the end; the exit status is the caller's to judge."""
        return subprocess.run(
            self.command(command),
            env=self.environment(variables),
            capture_output=True,
            text=True,
            check=False,
            cwd=REPO,
        )

    @cached_property
    def _enter(self) -> list[str]:
        own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        return ["unshare", *own, "--mount", "--propagation", "private", "sh", "-c", _SCRIPT, "jail"]

    @cached_property
    def _user(self) -> list[str]:
        drop = [
            "setpriv",
            f"--reuid={USER}",
            f"--regid={USER}",
            "--clear-groups",
            "--no-new-privs",
            "--bounding-set=-all",
        ]
        return drop if os.geteuid() == 0 else []


def why_not() -> str | None:
    """Why this machine cannot jail a process; None where it can."""
    if shutil.which("unshare") is None:
        return "there is no unshare on PATH (util-linux)"
    own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    tried = subprocess.run(["unshare", *own, "--mount", "true"], capture_output=True, text=True, check=False)
    return None if tried.returncode == 0 else f"no mount namespace can be had here: {tried.stderr.strip()}"
