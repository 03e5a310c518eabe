"""A W&B server of a few lines: takes runs and artifacts from W&B's own uploader and keeps what came."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """What the server was sent."""

    url: str = ""
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """GraphQL operations with their variables, in the order in which they came."""
    uploads: dict[str, bytes] = field(default_factory=dict)
    """Bytes by "<artifact or run>/<name>"."""
    streamed: list[str] = field(default_factory=list)
    """Lines of history."""
    keys: set[str] = field(default_factory=set)
    """Authorization headers."""
    artifacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What CreateArtifact was asked, by the id that we gave."""
    used: list[tuple[str, str]] = field(default_factory=list)
    """Artifacts that runs took in: ids of artifact and run."""

    def operations(self, name: str) -> list[dict[str, Any]]:
        """Variables of every call of a GraphQL operation."""
        return [variables for operation, variables in self.asked if operation == name]


def _membership(got: Received, name: str) -> dict[str, Any] | None:
    """The version of an artifact that carries an alias, "<collection>:<alias>", as W&B describes one."""
    wanted, _, alias = name.partition(":")
    project = {"id": "p", "internalId": "1", "name": "trending-now-genre", "entity": {"name": "me"}}
    for number, asked in got.artifacts.items():
        aliases = ["v0", *(each["alias"] for each in asked["aliases"])]
        if asked["artifactCollectionName"] == wanted and alias in aliases:
            collection = {"__typename": "ArtifactSequence", "name": wanted, "project": project}
            tagged = [{"__typename": "ArtifactAlias", "id": each, "alias": each} for each in aliases]
            empty = dict.fromkeys(["description", "historyStep", "commitHash", "updatedAt"])
            artifact = empty | {
                "__typename": "Artifact",
                "id": number,
                "artifactSequence": collection,
                "versionIndex": 0,
                "artifactType": {"name": asked["artifactTypeName"]},
                "metadata": asked["metadata"],
                "ttlDurationSeconds": -1,
                "ttlIsInherited": False,
                "tags": [],
                "state": "COMMITTED",
                "size": 1,
                "digest": asked["digest"],
                "digestAlgorithm": "MANIFEST_MD5",
                "fileCount": 1,
                "createdAt": "2026-02-11T00:00:00Z",
                "aliases": [{"artifactCollection": collection} | each for each in tagged],
            }
            return {"__typename": "ArtifactCollectionMembership", "id": "x", "versionIndex": 0, "aliases": tagged,
                    "createdAt": "2026-02-11T00:00:00Z", "artifactCollection": collection, "artifact": artifact}  # fmt: skip
    return None


def _answer(got: Received, operation: str, variables: dict[str, Any]) -> dict[str, Any]:
    if operation == "UpsertBucket":
        project = {"id": "p", "name": variables["project"], "entity": {"id": "e", "name": "me"}}
        names = {"name": variables["name"], "displayName": variables["displayName"], "description": ""}
        bucket = names | {"id": "r", "config": "{}", "sweepName": None, "historyLineCount": 0, "project": project}
        return {"upsertBucket": {"bucket": bucket, "inserted": True}}
    if "viewer" in operation.lower():
        return {"viewer": {"id": "u", "entity": "me", "username": "me", "flags": "{}", "teams": {"edges": []}}}
    if operation in ("ArtifactType", "ProjectArtifactType"):
        return {"project": {"artifact": None}}
    if operation == "CreateArtifact":
        number = f"a{len(got.artifacts)}"
        got.artifacts[number] = variables["input"]
        made = {"id": number, "state": "PENDING", "artifactSequence": {"id": f"s{number}", "latestArtifact": None}}
        return {"createArtifact": {"artifact": made}}
    if operation == "CreateArtifactManifest":
        file = {"id": "f", "uploadUrl": f"{got.url}/up/manifest/{variables['artifactID']}", "uploadHeaders": []}
        return {"createArtifactManifest": {"artifactManifest": {"id": "m", "file": file}}}
    if operation == "CreateArtifactFiles":
        nodes: list[dict[str, Any]] = []
        for file in variables["input"]["artifactFiles"]:
            place = f"{got.url}/up/{file['artifactID']}/{file['name']}"
            nodes.append({"uploadUrl": place, "uploadHeaders": [], "uploadMultipartUrls": None, "storagePath": "x",
                          "artifact": {"id": file["artifactID"]}})  # fmt: skip
        return {"createArtifactFiles": {"files": {"edges": [{"node": node} for node in nodes]}}}
    if operation == "ArtifactMembershipByName":
        return {"project": {"artifactCollectionMembership": _membership(got, variables["name"])}}
    if operation == "FetchOrgInfoFromEntity":
        return {"entity": {"organization": {"name": "org", "orgEntity": {"name": "org"}}, "user": None}}
    if operation == "LinkArtifact":
        return {"result": {"versionIndex": 0, "artifactMembership": None}}
    if operation == "CommitArtifact":
        return {"commitArtifact": {"artifact": {"id": variables["artifactID"], "digest": "d"}}}
    if operation == "UseArtifact":
        number = variables.get("input", variables)["artifactID"]  # the uploader asks in one way, Python in another
        got.used.append((number, variables.get("input", variables)["runName"]))
        return {"useArtifact": {"artifact": {"id": number}}}
    if operation == "CreateRunFiles":
        files = [{"name": name, "uploadUrl": f"{got.url}/up/run/{name}"} for name in variables["files"]]
        return {"createRunFiles": {"runID": "r", "uploadHeaders": [], "files": files}}
    return {}


@contextmanager
def tiny_wandb() -> Iterator[Received]:
    """Serve on loopback; yields what is received, whose `url` is WANDB_BASE_URL."""
    got, lock = Received(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            answer: dict[str, Any] = {}
            with lock:
                got.keys.add(self.headers.get("Authorization", ""))
                if self.path.endswith("graphql"):
                    asked = json.loads(body)
                    operation = asked["query"].strip().split("(")[0].split("{")[0].split()[1]
                    variables = asked.get("variables") or {}
                    got.asked.append((operation, variables))
                    answer = {"data": _answer(got, operation, variables)}
                elif self.path.endswith("file_stream"):
                    history = json.loads(body).get("files", {}).get("wandb-history.jsonl", {})
                    got.streamed += history.get("content", [])
                elif self.command == "PUT":
                    got.uploads[self.path.removeprefix("/up/")] = body
            data = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_PUT = do_GET = do_POST

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    got.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield got
    finally:
        server.shutdown()
        server.server_close()
