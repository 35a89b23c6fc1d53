"""The door of the command line: finds a verb, runs it, and turns a fault of the input into a message."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import typer
import typer.core
import typer.main

from simcore.cli.process import interruptible, set_up_process
from simcore.errors import SimcoreError, near_matches
from simcore.executors import dask_hidden

VERBS: dict[str, str] = {
    "run": "Simulate a scenario, settle it under every contract option, and report",
    "validate": "List all problems of a scenario at once",
    "init": "Write a commented scenario to start from",
    "aco": "Write a scenario from a real ACO's public record",
    "settle": "Settle one performance year, line by line with citations",
    "rules": "Show the program's numbers in force, with citations",
    "compare": "Contract options side by side, on the same draws",
    "size": "How many beneficiaries: chances of savings and losses by size",
    "sensitivity": "What moves the answer: one-at-a-time ranges on the same draws",
    "explain": "One simulated settlement line by line, with citations",
    "luck": "How much of an observed savings rate was luck, how much skill",
    "cover": "Stop-loss cover and repayment mechanism against simulated losses",
    "portfolio": "Several contracts under one market: the total and its parts",
    "report": "The page for a board, from a stored result",
    "export": "Exhibits for an actuary: Excel, parquet or CSV",
    "replay": "Recompute every settlement in CMS's results file",
    "backtest": "Forecast real ACOs from earlier years and score the forecast",
    "validation": "Regenerate published tables and hold simcore against each figure",
    "calibrate": "Rebuild the spending model's defaults from published figures",
    "warmup": "Compile the kernels ahead of time",
    "doctor": "Check the installation",
    "bench": "Measure throughput on this machine",
}
"""Every verb with its line of help; the verb's code is imported when it is called."""


_OUT_OF_MEMORY = "the memory of this machine does not suffice; allowed: fewer replicates or contract options"


class LazyGroup(typer.core.TyperGroup):
    """Verbs whose code is imported when they are called, so that help is instant."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the verbs in the order a newcomer meets them."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> typer.core.TyperCommand | None:
        """Return a verb with its line of help only, which is what a list of verbs needs."""
        return typer.core.TyperCommand(cmd_name, help=VERBS[cmd_name]) if cmd_name in VERBS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the verb that is called, with its code."""
        if args and args[0] in VERBS:
            return args[0], _command(args[0]), args[1:]
        if args and not args[0].startswith("-"):
            message = (
                f"{args[0]!r} is no verb{near_matches(args[0], list(VERBS))}; allowed: {', '.join(VERBS)}"
            )
            raise SimcoreError("simcore", message)
        return super().resolve_command(ctx, args)


def _command(name: str) -> Any:
    """Import the file of a verb and make its function a command."""
    function = getattr(importlib.import_module(f"simcore.cli.{name}"), name)
    verb = typer.Typer(add_completion=False, rich_markup_mode="markdown", pretty_exceptions_enable=False)
    verb.command(name)(function)
    command: Any = typer.main.get_command(verb)
    if all(option.name != "quiet" for option in command.params):
        command.params.append(_quiet_option())
    return command


def _quiet_option() -> Any:
    """Return the option that every verb has whose `--quiet` keeps back remarks and nothing else."""
    from simcore.cli.printing import be_quiet

    def any_verb(
        quiet: bool = typer.Option(False, "--quiet", help="No notes.", callback=be_quiet, expose_value=False),
    ) -> None:
        """Hold the option."""

    verb = typer.Typer(add_completion=False)
    verb.command()(any_verb)
    command: Any = typer.main.get_command(verb)
    return command.params[0]


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(
    help="Monte Carlo risk simulation for accountable care contracts. Examples: simcore VERB --help"
)
def _root(
    version: bool = typer.Option(False, "--version", help="Print the version and leave.", is_eager=True),
) -> None:
    """Hold the options that stand before a verb."""
    if version:
        from importlib.metadata import version as installed_version

        typer.echo(f"simcore {installed_version('simcore')}")
        raise typer.Exit


def main() -> Any:
    """Run the command line; a fault of the input ends with exit status 2 and a message."""
    set_up_process()
    try:
        with dask_hidden(), interruptible():
            app()
    except SimcoreError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(2)
    except MemoryError:
        typer.echo(f"error: {_OUT_OF_MEMORY}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        # The reader of the output left, as `head` does; that is no fault of ours.
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        # Such as a full disk behind standard output.
        typer.echo(f"error: {error.filename or 'output'}: {error.strerror or error}", err=True)
        _leave_output_unwritten()
        sys.exit(2)


def _leave_output_unwritten() -> None:
    """Keep Python from writing what is left of the output at exit, which would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
