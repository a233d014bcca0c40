"""The Binder, nbgitpuller and Colab links, from every form that a git remote takes."""

import shutil
import subprocess

import pytest

from rnncourse import links

PAGE = "lab/tree/notebooks/00_start_here.ipynb"


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/ada/memory.git",
        "https://github.com/ada/memory",
        "https://github.com/ada/memory/",
        "https://ada:secret@github.com/ada/memory.git",
        "git@github.com:ada/memory.git",
        "github.com:ada/memory.git",
        "ssh://git@github.com/ada/memory.git",
        "ssh://git@github.com:22/ada/memory.git",
        "git://github.com/ada/memory.git",
        "https://GitHub.com/ada/memory.git\n",
    ],
)
def test_every_form_of_a_github_remote_is_understood(address):
    found = links.make_links(links.parse_remote(address, "main"), "https://hub.example.org/")
    assert found == {
        "Binder": f"https://mybinder.org/v2/gh/ada/memory/main?urlpath={PAGE}",
        "nbgitpuller": "https://hub.example.org/hub/user-redirect/git-pull"
        "?repo=https%3A%2F%2Fgithub.com%2Fada%2Fmemory&branch=main"
        "&urlpath=lab%2Ftree%2Fmemory%2Fnotebooks%2F00_start_here.ipynb",
        "Colab": "https://colab.research.google.com/github/ada/memory/blob/main/"
        "notebooks/00_start_here.ipynb",
    }


@pytest.mark.parametrize(
    "address",
    ["https://gitlab.com/group/sub/memory.git", "git@gitlab.com:group/sub/memory.git"],
)
def test_gitlab_and_its_subgroups_go_to_binders_gitlab_door(address):
    found = links.make_links(links.parse_remote(address, "main"))
    assert found["Binder"] == (
        f"https://mybinder.org/v2/gl/group%2Fsub%2Fmemory/main?urlpath={PAGE}"
    )
    assert "Colab" not in found
    assert found["nbgitpuller"].startswith("https://YOUR-HUB/hub/user-redirect/git-pull?repo=")


def test_any_other_server_goes_to_binders_git_door():
    remote = links.parse_remote("git@codeberg.org:ada/memory.git", "a branch/with slash")
    assert links.make_links(remote)["Binder"] == (
        "https://mybinder.org/v2/git/https%3A%2F%2Fcodeberg.org%2Fada%2Fmemory/"
        f"a%20branch%2Fwith%20slash?urlpath={PAGE}"
    )


@pytest.mark.parametrize(
    "address",
    [
        "/srv/git/memory.git",
        "../memory",
        "file:///srv/git/memory.git",
        "C:\\git\\memory",
        "C:/git/memory",
        "https://localhost/ada/memory",
        "https://ada:secret@localhost/ada/memory",
        "",
        "github.com",
    ],
)
def test_a_remote_that_others_cannot_reach_is_said_so_and_no_token_is_shown(address):
    with pytest.raises(links.LinksError, match="no address on a server") as error:
        links.parse_remote(address, "main")
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("hub", ["hub.example.org", "ftp://hub.example.org", "https://", "x"])
def test_a_hub_that_is_no_address_is_said_so(hub):
    remote = links.parse_remote("https://github.com/ada/memory", "main")
    with pytest.raises(links.LinksError, match="is no address such as"):
        links.make_links(remote, hub)


@pytest.fixture
def checkout(tmp_path):
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    subprocess.run(["git", "init", "-b", "spring", tmp_path], check=True, capture_output=True)

    def add(name, address):
        command = ["git", "-C", tmp_path, "remote", "add", name, address]
        subprocess.run(command, check=True, capture_output=True)

    return tmp_path, add


def test_the_checkout_is_asked_for_origin_and_its_branch(checkout):
    folder, add = checkout
    add("another", "https://gitlab.com/eve/other.git")
    add("origin", "git@github.com:ada/memory.git")
    assert links.find_remote(folder) == links.Remote("github.com", "ada/memory", "spring")


def test_without_origin_the_first_remote_is_taken(checkout):
    folder, add = checkout
    add("upstream", "https://gitlab.com/eve/other.git")
    assert links.find_remote(folder).url == "https://gitlab.com/eve/other"


def test_without_a_remote_the_way_to_one_is_said(checkout):
    with pytest.raises(links.LinksError, match="git remote add origin"):
        links.find_remote(checkout[0])


def test_outside_of_git_the_way_to_a_remote_is_said(tmp_path):
    with pytest.raises(links.LinksError, match="no git remote yet"):
        links.find_remote(tmp_path)
