"""`python -m deploy.iam`: role x action x resource, from the policies that Terraform renders (a mocked apply, no credentials).

`--role api` shows one role, `--json` the documents themselves, `--docs` renews the tables of docs/iam.md.
"""

import argparse
import json
import sys
from pathlib import Path

from deploy.iam.render import Role, render
from deploy.iam.table import markdown, rows
from trending_assets.failures import PermanentFailure

DOCS = Path(__file__).resolve().parents[2] / "docs" / "iam.md"
MARK = "<!-- python -m deploy.iam --docs -->"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--role", help="one role: api, run-execution, github-deploy, …")
    parser.add_argument("--json", action="store_true", help="the documents as AWS gets them")
    parser.add_argument("--docs", action="store_true", help="renew the tables of docs/iam.md")
    asked = parser.parse_args()
    try:
        roles = render()
    except PermanentFailure as failure:
        print(failure, file=sys.stderr)
        return 1
    if asked.role and asked.role not in roles:
        print(f"There is no role {asked.role}. There are: {', '.join(sorted(roles))}.", file=sys.stderr)
        return 1
    shown = {asked.role: roles[asked.role]} if asked.role else roles
    if asked.docs:
        DOCS.write_text(with_tables(DOCS.read_text(), roles))
    elif asked.json:
        print(json.dumps({name: _documents(role) for name, role in shown.items()}, indent=2))
    else:
        _print(rows(shown))
    return 0


def with_tables(text: str, roles: dict[str, Role]) -> str:
    """docs/iam.md with the tables of these roles after its mark."""
    before, mark, _ = text.partition(MARK)
    if not mark:
        raise PermanentFailure(f"docs/iam.md has lost its line {MARK}.")
    return f"{before}{MARK}\n\n{markdown(roles)}\n"


def _documents(role: Role) -> dict[str, object]:
    return {"trust": role.trust, "policies": list(role.policies), "boundary": role.boundary}


def _print(found: list[tuple[str, str, str, str]]) -> None:
    width, wide = max(len(row[0]) for row in found), max(len(row[1]) for row in found)
    for role, action, where, only in found:
        print(f"{role:{width}}  {action.replace('**', ''):{wide}}  {where}" + (f"  if {only}" if only else ""))
    print(f"{len({row[0] for row in found})} roles, {len(found)} rows of role x action x resources.")


if __name__ == "__main__":
    raise SystemExit(main())
