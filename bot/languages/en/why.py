"""What `why` says of how an answer came about, in English."""

from collections.abc import Mapping

from bot.languages.language import Phrase

WHY: Mapping[str, Phrase] = {
    "why": "**Question {question} of this conversation**\n{lines}",
    "why_model": "- {model} answered in {time}, from a prompt of {tokens} tokens.",
    "why_seen": {
        "one": "- It saw one earlier question with its answer.",
        "other": "- It saw {count} earlier questions with their answers.",
    },
    "why_left_out_turns": {
        "one": "- The oldest question did not fit and was left out.",
        "other": "- The {count} oldest questions did not fit and were left out.",
    },
    "why_left_out_tokens": {
        "one": "- The question's last token did not fit and was left out.",
        "other": "- The question's last {count} tokens did not fit and were left out.",
    },
    "why_turn": "In the log it is turn {turn}.",
    "why_quotes": {
        "one": "- It was shown one message that stood beside the question.",
        "other": "- It was shown {count} messages that stood beside the question.",
    },
    "why_files": "- It read these files: {names}.",
    "why_reasoning": {
        "one": "- It thought aloud: one character, which is neither shown nor kept.",
        "other": "- It thought aloud: {count} characters, which are neither shown nor kept.",
    },
    "why_ignored": "- Without effect, as the model's server does not take them: {names}.",
    "why_nothing": "I remember no answer of mine here.",
    "why_person": "of who wanted this answer",
    "why_unknown": "I remember this answer, but no longer how it came about.",
    "why_running": "I'm working on it.",
    "why_silent": "I know nothing about that message. I answer when I'm mentioned, when somebody replies "
    "to me, in private, and in threads where I have spoken. I don't answer people or channels that "
    "whoever runs me has left out, nor people who have used up their questions.",
}
