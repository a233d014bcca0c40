"""The addresses that open this course in a browser, made from the checkout's git remote."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from rnncourse.trouble import Trouble

FIRST = "notebooks/00_start_here.ipynb"
NO_HUB = "https://YOUR-HUB"


class LinksError(Trouble):
    """No link can be made; `str(error)` is one sentence."""


@dataclass(frozen=True)
class Remote:
    """Where the repository is served: host, the path below it, and the branch."""

    host: str
    path: str  # "owner/repo", on GitLab also "group/subgroup/repo"
    branch: str

    @property
    def url(self) -> str:
        return f"https://{self.host}/{self.path}"

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]


def git(folder: Path, *arguments: str) -> bytes | None:
    """What a git command prints, or None where it fails or there is no git."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            timeout=20,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def parse_remote(address: str, branch: str) -> Remote:
    """A git remote's address, in its https or ssh form. User names and tokens are left out.

    Raises LinksError where it is no address of a server.
    """
    address = address.strip()
    short = re.fullmatch(r"(?:[^@/\s]+@)?([\w.-]+\.\w+):(?!//)/?(.+)", address)
    if short:  # git@github.com:owner/repo.git
        host, path = short.groups()
    else:
        parts = urlsplit(address)
        host, path = parts.hostname or "", parts.path
        if parts.scheme not in ("https", "http", "ssh", "git", "git+ssh"):
            host = ""
    path = path.strip("/").removesuffix(".git").strip("/")
    if "." not in host or "/" not in path:
        raise LinksError(
            f"The git remote {_without_secret(address)!r} is no address on a server that others "
            "can reach, so there is no link to give."
        )
    return Remote(host.lower(), path, branch)


def _without_secret(address: str) -> str:
    return re.sub(r"//[^/@]*@", "//", address)


def find_remote(folder: Path) -> Remote:
    """The remote `origin` of the checkout (else its first one), and the branch in use.

    Raises LinksError where there is none.
    """
    names = (git(folder, "remote") or b"").decode().split()
    if not names:
        raise LinksError(
            "This course folder has no git remote yet: put it on a server "
            "(git remote add origin ADDRESS), then the links can be made."
        )
    name = "origin" if "origin" in names else names[0]
    address = git(folder, "remote", "get-url", name) or b""
    branch = (git(folder, "symbolic-ref", "--short", "HEAD") or b"").decode().strip()
    return parse_remote(address.decode(), branch or "HEAD")


def make_links(remote: Remote, hub: str = NO_HUB) -> dict[str, str]:
    """The links by name: "Binder", "nbgitpuller" and, for GitHub alone, "Colab".

    `hub` is the address of the JupyterHub that nbgitpuller runs on. Raises LinksError where it is
    no address.
    """
    if urlsplit(hub).scheme not in ("http", "https") or not urlsplit(hub).netloc:
        raise LinksError(f"The hub {hub!r} is no address such as https://hub.example.org.")
    branch = quote(remote.branch, safe="")
    if remote.host == "github.com":
        place = f"gh/{remote.path}"
    elif remote.host == "gitlab.com":
        place = f"gl/{quote(remote.path, safe='')}"
    else:
        place = f"git/{quote(remote.url, safe='')}"
    pulled = quote(f"lab/tree/{remote.name}/{FIRST}", safe="")
    links = {
        "Binder": f"https://mybinder.org/v2/{place}/{branch}?urlpath=lab/tree/{FIRST}",
        "nbgitpuller": f"{hub.rstrip('/')}/hub/user-redirect/git-pull"
        f"?repo={quote(remote.url, safe='')}&branch={branch}&urlpath={pulled}",
    }
    if remote.host == "github.com":
        links["Colab"] = (
            f"https://colab.research.google.com/github/{remote.path}/blob/{branch}/{FIRST}"
        )
    return links
