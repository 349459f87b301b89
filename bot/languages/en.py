"""What the bot says in English."""

from collections.abc import Mapping
from types import MappingProxyType

PHRASES: Mapping[str, str] = MappingProxyType(
    {
        # who is heard
        "blocked": "You can't use this bot here.",
        "user_not_allowed": "This bot answers only certain people, and you are not on its list. "
        "Whoever runs it can add you.",
        "channel_not_allowed": "I don't answer in this channel. Whoever runs me can allow it.",
        "private_sessions_off": "Private conversations are turned off here. Please ask me in a channel.",
        "over_quota": "You have asked as often as you may for now. You can ask again in {time}.",
        # waiting
        "waiting_place": "⏳ All places at the model are taken. Before you: {before}.",
        "waking": "⏳ The model is waking up. Your answer comes here by itself.",
        "waking_seconds": "⏳ The model is waking up, about {time}. Your answer comes here by itself.",
        "busy": "⏳ The model has too much to do. I'm trying again.",
        "restarting": "⏳ I'm restarting. Your answer comes here by itself.",
        "continued": "*(the answer stands above)*",
        # what is said below an answer
        "length": "*The answer reached its limit of {tokens} tokens. `!max_tokens` raises it.*",
        "filtered": "*The model's server stopped this answer with its content filter.*",
        "broke_off": "*The answer broke off here: the connection to the model was lost.*",
        "fell_silent": "*The answer broke off here: the model fell silent.*",
        "empty": "*The model gave an empty answer. Please put the question another way.*",
        "question_cut": "*Your message was too long: its last {tokens} tokens were left out.*",
        "image_declined": "*I read text only, so I did not see {name}.*",
        "file_too_large": "*I read files up to {limit}, so I read only the beginning of {name}.*",
        "file_not_text": "*{name} is not a text file, so I did not read it.*",
        "file_unreadable": "*{name} could not be read.*",
        "too_many_files": "*I read up to {limit} files in a message; these were left out: {names}.*",
        # faults, in place of an answer
        "model_busy": "The model has too much to do right now. Please ask again in a minute.",
        "model_unreachable": "The model can't be reached right now. Please ask again later.",
        "model_waking": "The model did not wake up in time. Please ask again in a few minutes.",
        "token_refused": "The model's server does not accept this bot's access token. "
        "Whoever runs the bot has to set another one.",
        "unknown_model": "The model that this bot is set to is not served there. "
        "Whoever runs the bot has to choose another model or server.",
        "no_credits": "The credits for the model are used up. Whoever runs the bot has to add some.",
        "context_too_long": "This conversation is too long for the model's server. "
        "`reset` makes it short again; a lower `max_tokens` leaves more room.",
        "model_refused": "The model's server does not take this request. "
        "Whoever runs the bot finds why in its log.",
        "model_silent": "The model did not answer in time. Please ask again.",
        "stream_broke": "The connection to the model was lost before it said anything. Please ask again.",
        "store_unavailable": "I can't reach my memory right now, so I can't answer. "
        "Please try again in a minute.",
        "unexpected": "Something went wrong on my side. Whoever runs the bot finds it in the log.",
        # commands
        "setting_is": "{word} is {value} here.",
        "setting_changed": "{word} was {before} and is now {after}, here in this channel.",
        "setting_changed_private": "{word} was {before} and is now {after}, in this conversation.",
        "out_of_range": "{word} takes a number from {low} to {high}. Nothing was changed.",
        "out_of_range_whole": "{word} takes a whole number from {low} to {high}. Nothing was changed.",
        "out_of_range_seed": "{word} takes a whole number from {low} to {high}, or `random`. "
        "Nothing was changed.",
        "system_too_long": "A system prompt has at most {limit} characters. Nothing was changed.",
        "settings": "**Settings here**\n{lines}\n\nChange one with `!temperature 0.3`, "
        "go back with `!temperature default`.",
        "settings_line": "- {word}: {value}",
        "settings_line_own": "- {word}: {value} (set here)",
        "random": "random",
        "no_system_prompt": "none",
        "reset_done": "Forgotten: {turns} earlier questions and answers. We start afresh.",
        "reset_done_one": "Forgotten: one earlier question and answer. We start afresh.",
        "reset_empty": "There was nothing to forget. We start afresh.",
        "unknown_command": "I don't know `{word}`.",
        "unknown_command_near": "I don't know `{word}`. Did you mean `{near}`?",
        "hello": "Hello! I'm Mixtral. Ask me something, or say `!help`.",
        "nothing_asked": "What would you like to ask? Put your question after `ask`.",
        "help": "**I'm Mixtral.** Mention me with a question, reply to one of my messages, "
        "or write to me in private.\n\n"
        "After a mention, or as slash commands:\n"
        "- `!temperature 0.3` (0 to 2): lower is steadier, higher is bolder\n"
        "- `!top_p 0.9`, `!repetition_penalty 1.2`, `!seed 42` (or `random`)\n"
        "- `!max_tokens 512`: how long an answer may be\n"
        "- `!system You are a pirate.`: who I am in this channel\n"
        "- `!settings` shows them all, `!reset` forgets what was said here\n\n"
        "I read text files, not images. I keep conversations for {days} days, then they are deleted.",
        # where a platform has buttons and forms
        "button_settings": "Change settings",
        "button_show": "Show settings",
        "old_button": "This button belongs to something that is no longer here. Nothing was changed.",
        "form_title": "Settings",
        "form_save": "Save",
        "form_cancel": "Cancel",
        "form_late": "That took too long to open. Please try again.",
        "hint_number": "From {low} to {high}. Empty: the default.",
        "hint_seed": "A whole number from {low} to {high}, or random. Empty: the default.",
        "hint_system": "Who I am here, up to {limit} characters. Empty: the default.",
        "reset_in_thread": "Each thread is a conversation of its own. "
        "Say `!reset` after a mention in the one that I shall forget.",
        "not_in_channel": "I'm not in this channel. Invite me with `/invite`, then ask again.",
        "home_title": "Mixtral",
        "home_what": "I answer with Mixtral-8x7B-Instruct. Mention me in a channel, or write to me under "
        "Messages. Each thread is a conversation; in it, I remember what was said.",
        "home_keeps": "I keep the questions put to me and my answers, for {days} days after the last one in "
        "a conversation. Whoever runs this bot can read them; nobody else can. "
        "In a thread, !reset forgets it.",
        "home_sessions": "Your private conversations",
        "home_no_sessions": "None yet.",
        "home_settings": "Your settings in private",
        # times
        "seconds": "{count} seconds",
        "second": "1 second",
        "minutes": "{count} minutes",
        "hours": "{count} hours",
    }
)
