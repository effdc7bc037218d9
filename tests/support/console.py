"""The command line as tests use it."""

import contextlib
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from pydantic import BaseModel

from alliance_explorer import cli
from alliance_explorer.engine import open_engine
from alliance_explorer.queries import Explorer
from tests.support.tiny import EXAMPLES

PROGRAM = Path(sys.executable).with_name("alliance-explorer")
TELECOM = str(EXAMPLES / "coopetition_telecom")
MARKUP = "[bold]Twins[/bold] :apple: [/x]"
CONTROLS = "\x1b[31mred\x1b[0m\x07 \x9b2J"
TINY = {
    "Firm.csv": "id,name,aliases\nfirm:a,Twin,\nfirm:b,twin,\nfirm:c,Other,\n"
    f"firm:markup,{MARKUP},{CONTROLS}\n",
    "Person.csv": "id,name\nperson:p,Penelope\nperson:q,Quentin\n",
    "Alliance.csv": f"id,name\nalliance:alone,Alone\nalliance:x,{MARKUP}\n",
    "PARTY_TO.csv": f"from,to,role\nfirm:a,alliance:x,\nfirm:markup,alliance:x,{CONTROLS}\n",
    "KNOWS.csv": "from,to\nperson:p,person:q\n",
    "WORKS_FOR.csv": "from,to,title\nperson:p,firm:a,director\n",
    "CHAMPIONS.csv": "from,to\nperson:p,alliance:x\n",
}


@dataclass(frozen=True)
class Result:
    """What a command did."""

    code: int
    out: str
    err: str


def run(*arguments: str) -> Result:
    """Run the console command in this process."""
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "argv", ["alliance-explorer", *arguments]),
    ):
        try:
            cli.main()
        except SystemExit as exc:
            code = exc.code or 0
    assert isinstance(code, int)
    return Result(code, out.getvalue(), err.getvalue())


def ran(*arguments: str) -> str:
    """What a command prints that goes well."""
    result = run(*arguments)
    assert (result.code, result.err) == (0, "")
    return result.out


def refused(*arguments: str) -> str:
    """The one line that a command says when it cannot do what is asked."""
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert "Traceback" not in result.err
    (line,) = result.err.splitlines()
    assert line.startswith("alliance-explorer: ")
    return line.removeprefix("alliance-explorer: ")


def tables(folder: Path, files: dict[str, str]) -> str:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content)
    return str(folder)


def answer(url: str, ask: Callable[[Explorer], BaseModel]) -> str:
    """What the query function answers, as JSON."""
    with open_engine(url) as engine:
        return ask(Explorer(engine)).model_dump_json(by_alias=True) + "\n"
