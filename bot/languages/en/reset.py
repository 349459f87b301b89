"""A fresh start in a conversation."""

from collections.abc import Mapping

from bot.languages.language import Phrase

RESET: Mapping[str, Phrase] = {
    "reset_done": {
        "one": "We're starting afresh: I leave the question above, with its answer, aside from now on. "
        "Nothing is deleted, and `!reset undo` brings it back.",
        "other": "We're starting afresh: I leave the {count} questions above, with their answers, aside "
        "from now on. Nothing is deleted, and `!reset undo` brings them back.",
    },
    "reset_by": {
        "one": "{who} has drawn a line: I leave the question above, with its answer, aside from now on. "
        "Nothing is deleted, and `!reset undo` brings it back.",
        "other": "{who} has drawn a line: I leave the {count} questions above, with their answers, aside "
        "from now on. Nothing is deleted, and `!reset undo` brings them back.",
    },
    "reset_empty": "There was nothing above. We're starting afresh.",
    "reset_how": "`!reset` starts afresh, `!reset undo` goes back to before, and `!reset everything` "
    "deletes what was said here.",
    "undone": "The line is gone: what was said above it counts again.",
    "undo_nothing": "There is no such line any more, so nothing was changed.",
    "may_not_delete": "Only somebody who manages this channel may delete what everybody said here. "
    "`!reset` starts afresh and deletes nothing; `!forget` deletes what is yours.",
    "deleted": {
        "one": "Deleted: one question with its answer.",
        "other": "Deleted: {count} questions with their answers.",
    },
    "button_undo": "Undo",
    "button_delete": "Delete for good",
}
