"""Models from folders, from the hub's cache and from a hub: a real one in kind, on this machine."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from huggingface_hub import constants

from trainer.contract.errors import TrainerError
from trainer.network import hub

NAME = "lab/hubert"
COMMIT = "c0ffee" + "0" * 34
FILES = {
    "config.json": b'{"model_type": "hubert"}',
    "preprocessor_config.json": b"{}",
    "model.safetensors": bytes(3_000_000),
    "pytorch_model.bin": bytes(9_000_000),
    "README.md": b"not asked for",
}


class Hub(BaseHTTPRequestHandler):
    """As much of the hub's interface as a download speaks."""

    status = 200
    served: list[str]

    def log_message(self, *_: object) -> None: ...

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if self.status != 200:
            code = {403: "GatedRepo", 401: "RepoNotFound", 404: "RepoNotFound"}.get(self.status, "")
            self._answer(b"{}", {"X-Error-Code": code}, self.status)
        elif path.startswith("/api/models/") and "/tree/" in path:
            rows = [
                {"type": "file", "path": n, "size": len(c), "oid": hashlib.sha1(c).hexdigest()}
                for n, c in FILES.items()
            ]
            self._answer(json.dumps(rows).encode())
        elif path.startswith("/api/models/"):
            rows = [{"rfilename": name} for name in FILES]
            info = {"id": NAME, "modelId": NAME, "sha": COMMIT, "siblings": rows}
            self._answer(json.dumps(info).encode())
        elif match := re.fullmatch(rf"/{NAME}/resolve/[^/]+/(.+)", path):
            content = FILES[match[1]]
            if self.command == "GET":
                self.served.append(match[1])
            etag = hashlib.sha1(content).hexdigest()
            self._answer(content, {"X-Repo-Commit": COMMIT, "ETag": f'"{etag}"'})
        else:
            self._answer(b"", status=404)

    def _answer(
        self, body: bytes, headers: dict[str, str] | None = None, status: int = 200
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Hub]]:
    class Fresh(Hub):
        status = 200
        served: list[str] = []  # noqa: RUF012 - one class a test

    with ThreadingHTTPServer(("127.0.0.1", 0), Fresh) as http:
        threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True).start()
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        endpoint = f"http://127.0.0.1:{http.server_port}"
        monkeypatch.setattr(constants, "ENDPOINT", endpoint)
        address = endpoint + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", address)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
        yield Fresh
        http.shutdown()


def _unheard(_done: int, _total: int) -> None: ...


def test_a_local_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    assert hub.fetch_model(str(tmp_path), _unheard) == tmp_path


@pytest.mark.parametrize("name", ["/no/such/folder", "./here", "~/nowhere", "a/b/c"])
def test_a_missing_folder_is_named(name: str) -> None:
    with pytest.raises(TrainerError, match="There is no folder") as caught:
        hub.fetch_model(name, _unheard)
    assert "config.json" in caught.value.hint


def test_offline_gives_one_sentence_and_where_to_put_a_copy() -> None:
    with pytest.raises(TrainerError) as caught:
        hub.fetch_model("facebook/hubert-large-ls960-ft", _unheard)
    assert caught.value.message == (
        "facebook/hubert-large-ls960-ft is not on this machine and the hub cannot be reached."
    )
    assert "name that folder as the model" in caught.value.hint


def test_a_download_takes_only_what_is_needed_and_tells_every_byte(server: type[Hub]) -> None:
    told: list[tuple[int, int]] = []
    folder = hub.fetch_model(NAME, lambda done, total: told.append((done, total)))
    assert sorted(p.name for p in folder.iterdir()) == sorted(
        ["config.json", "preprocessor_config.json", "model.safetensors"]
    )
    assert (folder / "model.safetensors").read_bytes() == FILES["model.safetensors"]
    size = sum(len(FILES[p.name]) for p in folder.iterdir())
    assert told[-1] == (size, size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(server.served) == 3


def test_a_model_that_needs_more_files_gets_them_even_when_the_rest_is_cached(
    server: type[Hub],
) -> None:
    hub.fetch_model(NAME, _unheard)
    folder = hub.fetch_model(NAME, _unheard, ["README.md", "vocab.json"])
    assert (folder / "README.md").read_bytes() == FILES["README.md"]
    server.status = 500
    assert hub.fetch_model(NAME, _unheard, ["README.md", "vocab.json"]) == folder


def test_what_the_cache_holds_is_not_asked_for_again(server: type[Hub]) -> None:
    first = hub.fetch_model(NAME, _unheard)
    server.status = 500
    assert hub.fetch_model(NAME, _unheard) == first


def test_a_download_can_be_ended_and_is_not_taken_for_whole(server: type[Hub]) -> None:
    class EnoughError(Exception): ...

    def stop(done: int, _total: int) -> None:
        if done > 1000:
            raise EnoughError

    with pytest.raises(EnoughError):
        hub.fetch_model(NAME, stop)
    folder = hub.fetch_model(NAME, _unheard)
    assert (folder / "model.safetensors").read_bytes() == FILES["model.safetensors"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "accepted its terms"),
        (404, "no public model"),
        (401, "no public model"),
        (451, "HTTP 451"),
    ],
)
def test_a_refusal_is_one_sentence(server: type[Hub], status: int, words: str) -> None:
    server.status = status
    with pytest.raises(TrainerError, match=words) as caught:
        hub.fetch_model(NAME, _unheard)
    assert "Put a copy" in caught.value.hint


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(TrainerError, match="no public model"):
        hub.fetch_model("not a model!", _unheard)


def test_a_full_disk_is_not_taken_for_the_network(
    server: type[Hub], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device", "model.safetensors")

    monkeypatch.setattr(hub.HfApi, "snapshot_download", full)
    monkeypatch.setattr(hub, "_cached", lambda *_: None)
    with pytest.raises(OSError, match="No space left"):
        hub.fetch_model(NAME, _unheard)
