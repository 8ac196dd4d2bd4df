"""The plan of a conversion for people: as text on a terminal, and the words that it writes."""

from collections.abc import Iterable

from console.cli.context import Context
from console.cli.output import safe
from console.conversions import wording_in
from moderation.conversion import Conversion, Missing, Remark, Step, Undo, Wording


def wording(context: Context) -> Wording:
    """The texts of a conversion in the person's language; placeholders stay for the plan to fill."""
    return wording_in(context.words)


def say_plan(context: Context, conversion: Conversion) -> None:
    """What happens in which order, who can read what, what stays, what cannot be called back, what is in the way."""
    out = context.out
    out.write(context.words("cli_conversion_head", case=conversion.key) + "\n\n")
    _steps(context, conversion.steps)
    columns = [("cli_col_who", ""), ("cli_col_today", ""), ("cli_col_public_after", ""), ("cli_col_private_after", "")]
    rows: list[list[object]] = [
        [
            context.words(f"conversion_who_{row.who}", name=row.name, count=row.count),
            context.words(f"conversion_sees_{row.today}", count=row.lost),
            context.words(f"conversion_sees_{row.public}", count=row.lost),
            context.words(f"conversion_sees_{row.private}", count=row.lost),
        ]
        for row in conversion.readers
    ]
    out.write("\n")
    context.show_table(columns, rows)
    out.write("\n" + context.words("cli_conversion_pointer") + "\n  " + safe(conversion.pointer) + "\n\n")
    _remarks(context, conversion.remarks)
    _obstacles(context, conversion.missing, conversion.blocked)


def say_back(context: Context, back: Undo) -> None:
    """The way back, and what stays."""
    context.out.write(context.words("cli_conversion_back", case=back.case.key) + "\n\n")
    _steps(context, back.steps)
    context.out.write("\n")
    _remarks(context, back.remarks)
    _obstacles(context, back.missing, ())


def _steps(context: Context, steps: Iterable[Step]) -> None:
    rows: list[list[object]] = [
        [number, context.words(f"conversion_step_{step.what}", count=step.count), step.wish.target, step.account]
        for number, step in enumerate(steps, 1)
    ]
    columns = [("cli_col_number", "r"), ("cli_col_step", ""), ("cli_col_about", ""), ("cli_col_account", "")]
    context.show_table(columns, rows)


def _remarks(context: Context, remarks: Iterable[Remark]) -> None:
    for remark in remarks:
        where = ", ".join(str(ref) for ref in remark.refs[:20])
        context.out.write("- " + context.words(f"conversion_says_{remark.code}", count=remark.count, ids=where) + "\n")


def _obstacles(context: Context, missing: Iterable[Missing], blocked: Iterable[Remark]) -> None:
    """What keeps it from running, on standard error."""
    for lack in missing:
        holders = ", ".join(
            context.words("cli_administrators") if name == "administrators" else name for name in lack.holders
        )
        step = context.words(f"conversion_step_{lack.step}", count=1)
        context.say("cli_right_missing_for", right=lack.right, step=step, holders=holders)
    for remark in blocked:
        where = ", ".join(str(ref) for ref in remark.refs[:20])
        context.say(f"conversion_stops_{remark.code}", count=remark.count, ids=where, text=remark.text)
