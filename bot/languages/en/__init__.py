"""What the bot says in English."""

from bot.languages.en.commands import COMMANDS
from bot.languages.en.first_steps import FIRST_STEPS
from bot.languages.en.page import PAGE
from bot.languages.en.reset import RESET
from bot.languages.en.why import WHY
from bot.languages.language import Language

LANGUAGE = Language(
    tag="en",
    name="English",
    phrases={
        # who is heard
        "blocked": "You can't use this bot here.",
        "user_not_allowed": "This bot answers only certain people, and you are not on its list. "
        "Whoever runs it can add you.",
        "stranger_not_allowed": "I answer people of this workspace alone. Whoever runs me can change that.",
        "server_not_allowed": "I don't answer here. Whoever runs me has said where I do.",
        "channel_not_allowed": "I don't answer in this channel. Whoever runs me can allow it.",
        "private_sessions_off": "Private conversations are turned off here. Please ask me in a channel.",
        "over_quota": "You have used up your questions for now. You can ask again in {time}.",
        # waiting
        "waiting_place": "⏳ The model is busy with other questions. Before you: {before}.",
        "waking": "⏳ The model is waking up. Your answer will appear here by itself.",
        "waking_seconds": "⏳ The model is waking up, which takes about {time}. "
        "Your answer will appear here by itself.",
        "busy": "⏳ The model has too much to do. I'm trying again.",
        "thinking": "⏳ thinking, {seconds} s",
        "restarting": "⏳ I'm restarting. Your answer will appear here by itself.",
        # what is said below an answer
        "length": "*The answer reached its limit of {tokens} tokens. `!continue` goes on, "
        "`!max_tokens` raises the limit.*",
        "filtered": "*The model's server stopped this answer with its content filter.*",
        "broke_off": "*The answer broke off here: the connection to the model was lost.*",
        "gave_up": "*The answer broke off here: the model's server gave up.*",
        "broke_off_busy": "*The answer broke off here: the model has too much to do.*",
        "broke_off_long": "*The answer broke off here: it became too long for the model's server.*",
        "broke_off_token": "*The answer broke off here: the model's server no longer accepts this bot.*",
        "broke_off_credits": "*The answer broke off here: the credits for the model are used up.*",
        "only_thought": "*The model reached its limit while it was thinking. `!max_tokens` raises it.*",
        "fell_silent": "*The answer broke off here: the model fell silent.*",
        "empty": "*The model gave an empty answer. Please put the question another way.*",
        "content_blocked": "*The rest of this answer was blocked by this place's own rules.*",
        "content_refused": "*This place does not take the rest of this answer. Copy gives you all of it.*",
        "answer_blocked": "*This answer was blocked by this place's own rules.*",
        "answer_refused": "*This place does not take this answer. Copy gives you all of it.*",
        "version_blocked": "*Another version was blocked by this place's own rules, so this one stays.*",
        "nothing_to_ask": "*There is nothing in your message that I can read. What would you like to know?*",
        "question_cut": "*Your message was too long: its last {tokens} tokens were left out.*",
        "not_readable": "*I may not read the message that you mean, so I would have to guess what it says. "
        "Choose “Ask about this message” in that message's own menu, under Apps, or write its words here.*",
        "link_unreadable": "*I could not read a message that you linked to.*",
        "sound_declined": "*I read text only, so I did not listen to {name}.*",
        "film_declined": "*I read text only, so I did not watch {name}.*",
        "archive_declined": "*I don't open archives, so I did not read what is in {name}.*",
        "document_unreadable": "*I could not get any text out of {name}.*",
        "image_declined": "*I read text only, so I did not see {name}.*",
        "file_too_large": "*I read files up to {limit}, so I read only the beginning of {name}.*",
        "file_shortened": "*{name} is long, so I left out its middle.*",
        "file_not_text": "*{name} is not a text file, so I did not read it.*",
        "file_unreadable": "*{name} could not be read.*",
        "too_many_files": "*I read up to {limit} files in a message; these were left out: {names}.*",
        "first_private": "*I keep what we write here, so that I know what we are talking about. "
        "`!help` says for how long, `!forget` deletes it.*",
        "asked_while_away": "*Asked while I was away.*",
        # faults, in place of an answer
        "line_full": "So many questions wait for the model already that yours was not taken. "
        "Please ask again later.",
        "line_full_for": "{waiting} questions wait for the model already, for about {time}, so yours was not "
        "taken. Please ask again then.",
        "model_busy": "The model has too much to do right now. Please ask again in a minute.",
        "model_unreachable": "The model can't be reached right now. Please ask again later.",
        "model_waking": "The model did not wake up in time. Please ask again in a few minutes.",
        "token_refused": "The model's server does not accept this bot's access token. "
        "Whoever runs the bot has to set another one: `MODEL_API_KEY`, or `HF_TOKEN` for Hugging Face.",
        "unknown_model": "The model that this bot is set to is not served there. "
        "Whoever runs the bot has to choose another model or server.",
        "no_credits": "The credits for the model are used up. Whoever runs the bot has to add some.",
        "context_too_long": "This conversation is too long for the model's server. "
        "`!reset` starts a new one; a lower `!max_tokens` leaves more room.",
        "model_refused": "The model's server does not take this request. "
        "Whoever runs the bot will find the reason in its log.",
        "model_silent": "The model did not answer in time. Please ask again.",
        "model_gave_up": "The model's server gave up before it said anything. Please ask again.",
        "stream_broke": "The connection to the model was lost before it said anything. Please ask again.",
        "store_unavailable": "I can't reach my memory right now, so I can't answer. "
        "Please try again in a minute.",
        "store_waits": "I can't reach my memory right now. I'll answer as soon as I can.",
        "store_full": "My memory is full, so I can't take that on. Whoever runs the bot has to make room; "
        "please try again later.",
        "unexpected": "Something went wrong on my side. Whoever runs the bot will find it in the log.",
        "place_refused": "I may not write where you asked, so you can't see my answer there. "
        "Whoever runs that place can let me.",
        "access_lost": "My own access to this chat does not work, so my answer could not be shown. "
        "Whoever runs the bot has to mend that, and will find how in its log.",
        "not_shown": "My answer could not be shown. Please ask again.",
        # settings
        "setting_is": "{word} is {value} here ({origin}).",
        "changed": "{who} changed {what} {place}.",
        "changed_from": "{word} from {before} to {after}",
        "changed_to": "{word} to {after}",
        "changed_own": "Changed {what}, for your questions here.",
        "changed_own_only": "Changed {what}, for your questions here; a manager sets it for all.",
        "place_me": "for your questions here",
        "place_channel": "in this channel",
        "place_private": "for our private conversations",
        "place_workspace": "for the whole workspace",
        "may_not_set": "Only people who manage this channel may change that here. "
        "In a private conversation with me you can set what you like.",
        "may_not_set_channel": "Only people who manage this channel may change it for all. "
        "Leave `channel` out to change it for your own questions here.",
        "not_personal": "{word} is the same for all in a channel. Nothing was changed.",
        "may_not_set_workspace": "Only people who manage the workspace may change its defaults.",
        "no_workspace": "There is no workspace here. Leave `workspace` out.",
        "out_of_range": "{word} takes a number from {low} to {high}. Nothing was changed.",
        "out_of_range_whole": "{word} takes a whole number from {low} to {high}. Nothing was changed.",
        "out_of_range_seed": "{word} takes a whole number from {low} to {high}, or `random`. "
        "Nothing was changed.",
        "system_too_long": "A system prompt may have at most {count} tokens, about four letters each. "
        "Nothing was changed.",
        "no_such_model": "There is no such model here. Did you mean `{near}`? There are: {names}.",
        "model_card": "a window of {context} tokens, on {host}",
        "presets": "A preset sets temperature, top_p and repetition_penalty together. There are: {names}.",
        "preset_precise": "precise",
        "preset_balanced": "balanced",
        "preset_creative": "creative",
        "languages": "I speak: {names}.",
        "prompts": "System prompts kept here: {names}. `!prompt` and a name picks one.",
        "no_prompts": "No system prompts are kept here yet. "
        "`!prompt save pirate You are a pirate.` keeps one under the name pirate.",
        "prompt_saved": "Kept under the name {name}. `!prompt {name}` picks it.",
        "prompt_deleted": "The system prompt {name} is no longer kept.",
        "prompt_empty": "There is no system prompt to keep. Write it after the name: "
        "`!prompt save {name} You are …`",
        "prompt_unknown": "No system prompt of that name is kept here. There are: {names}.",
        "too_many_prompts": "A channel keeps {count} system prompts at most. Delete one first.",
        "settings": "**Settings here**\n{lines}\n\nChange one with `!temperature 0.3`, "
        "go back with `!temperature default`.",
        "settings_for_you": "What you change holds for your questions here; a manager sets it for all.",
        "settings_line": "- {word}: {value} ({origin})",
        "origin_default": "default",
        "origin_workspace": "workspace",
        "origin_channel": "channel",
        "origin_private": "your private session",
        "origin_person": "for your questions here",
        "origin_preset": "preset {preset}, {place}",
        "random": "random",
        "none": "none",
        "stood_in": "*{model} answered, as {absent} did not.*",
        "model_gone": "*The model {gone} is no longer offered here, so {model} answered.*",
        # commands
        "unknown_command": "I don't know `{word}`.",
        "unknown_command_near": "I don't know `{word}`. Did you mean `{near}`?",
        "hello": "Hello! I'm Mixtral. Ask me something, or say `!help`.",
        "nothing_asked": "What would you like to ask? Put your question after `ask`.",
        "help": "**I'm Mixtral.** Mention me with a question, reply to one of my messages, "
        "or write to me in private.\n\n"
        "After a mention, or as slash commands:\n"
        "- `!temperature 0.3` (0 to 2): lower is steadier, higher is bolder; or `!preset precise`\n"
        "- `!top_p 0.9`, `!repetition_penalty 1.2`, `!seed 42` (or `random`)\n"
        "- `!max_tokens 512`: how long an answer may be\n"
        "- whoever manages a channel sets these for all (`0.3 me`: for themselves), everybody else for their "
        "own questions there\n"
        "- `!system You are a pirate.`: who I am in this channel; `!prompt` keeps several\n"
        "- `!model`, `!language` ({languages}); `!settings` shows them all and where each comes from\n"
        "- `!stop`, `!regenerate`, `!continue`: while and after I answer; ❌ on an answer stops it too\n"
        "- `!why`: what I saw for an answer; `!reset`: start afresh\n"
        "- `!export`: everything I keep about you; `!forget`: delete it\n\n"
        "I read text files and documents, not images. In a thread I read what was said before, when "
        "somebody asks me there. I keep questions with what they are about, their answers and who asked, and "
        "delete them {kept}. Whoever runs me can read that.",
        "help_alone": "**I'm Mixtral.** Ask me something, or say one of these:\n"
        "- `!temperature 0.3` (0 to 2): lower is steadier, higher is bolder; or `!preset precise`\n"
        "- `!top_p 0.9`, `!repetition_penalty 1.2`, `!seed 42` (or `random`)\n"
        "- `!max_tokens 512`: how long an answer may be\n"
        "- `!system You are a pirate.`: who I am here; `!prompt` keeps several\n"
        "- `!model`, `!language` ({languages}); `!settings` shows them all and where each comes from\n"
        "- `!stop`, `!regenerate`, `!continue`: while and after I answer\n"
        "- `!why`: what I saw for an answer; `!reset`: start afresh\n"
        "- `!export`: everything I keep about you; `!forget`: delete it\n\n"
        "I keep questions with their answers and who asked, and delete them {kept}. Whoever runs me can read "
        "that.",
        "kept_days": {"one": "after one day", "other": "after {count} days"},
        # an answer in the reader's hands
        "button_stop": "Stop",
        "button_regenerate": "Regenerate",
        "button_continue": "Continue",
        "button_copy": "Copy",
        "button_good": "👍 Good answer",
        "button_bad": "👎 Bad answer",
        "button_earlier": "‹ Earlier",
        "button_later": "Later ›",
        "button_reason": "Say why",
        "button_forget": "Delete everything",
        "stopped": "*Stopped.*",
        "stopping": "Stopped.",
        "nothing_to_stop": "There is nothing to stop here.",
        "not_yours": "Only the person who asked, or somebody who manages this channel, may do that.",
        "answer_gone": "I no longer keep this answer, so nothing was changed.",
        "answer_whole": "This answer is complete: there is nothing to continue.",
        "already_asked": "That has been asked for already.",
        "too_many_versions": "There are already {count} versions of this answer, and I keep no more.",
        "requested_again": "I'm writing another version.",
        "requested_show": "I'm showing the other version.",
        "requested_go_on": "I'm continuing the answer.",
        "status_again": "⏳ Another version is on its way.",
        "status_redo": "⏳ The question has changed, so I'm answering it again.",
        "copied": "Here is the answer as it was written, in Markdown.",
        "rated": "Thank you, I have noted that. It helps to know why: press the button, or say "
        "`!{word}` and the reason.",
        "rated_why": "Thank you, I have noted that and your reason.",
        "reason_title": "Why?",
        "reason_label": "In a word or two",
        # a person's data
        "exported": {
            "one": "Everything that I keep about you: one question with its answer, and all else of yours.",
            "other": "Everything that I keep about you: {count} questions with their answers, "
            "and all else of yours.",
        },
        "forget_sure": "This deletes everything that I keep about you: your questions and my answers, "
        "in shared channels too, your private settings, your system prompts and your ratings. "
        "It can't be undone. "
        "Press the button, or say `!forget everything`.",
        "forgotten": "Deleted. Questions with their answers: {turns}. Messages of yours that were "
        "quoted: {mentions}. System prompts: {texts}. Ratings: {ratings}. The messages in the channels "
        "themselves are yours to delete.",
        # a form for a question about a message
        "ask_title": "Ask about this message",
        "ask_label": "Your question, if you have one",
        "ask_default": "What do you think of this?",
        # where a platform has buttons and forms
        "button_settings": "Change settings",
        "button_show": "Show settings",
        "old_button": "This button belongs to something that is no longer here. Nothing was changed.",
        "form_title": "Settings",
        "form_save": "Save",
        "form_cancel": "Cancel",
        "refused_here": "I may not do that here (`{reason}`). Whoever runs me finds more in my log.",
        "form_late": "That took too long to open. Please try again.",
        "form_send": "Send",
        "form_origin": "Comes from: {origin}.",
        "form_pick": "Pick one",
        "form_scope": "where it holds",
        "hint_number": "From {low} to {high}. Empty: what is inherited.",
        "hint_seed": "A whole number from {low} to {high}, or random. Empty: what is inherited.",
        "hint_system": "Who I am here, up to {limit} characters. Empty: what is inherited.",
        "hint_preset": "Takes the place of temperature, top_p and repetition_penalty.",
        "hint_language": "What I speak here myself. Inherited: each person's own language.",
        "option_inherited": "inherited",
        "word_in_thread": "Each thread is a conversation of its own. "
        "In the one that you mean, mention me and say `!{word}`.",
        "file_sent": "I have sent it to you in private.",
        "file_forbidden": "I can't hand files over yet. Whoever runs me has to install me here again, "
        "with all permissions that I ask for.",
        "not_in_channel": "I'm not in this channel. Invite me with `/invite`, then ask again.",
        "home_title": "Mixtral",
        "home_what": "I answer with Mixtral-8x7B-Instruct. Mention me in a channel, or write to me under "
        "Messages. Each thread is a conversation; in it, I remember what was said.",
        "home_keeps": "I keep the questions put to me and my answers, and delete them {kept}. "
        "Whoever runs this bot can read them; nobody else can. In a thread, !reset starts afresh; "
        "!export and !forget are for all that I keep about you.",
        "home_sessions": "Your private conversations",
        "home_no_sessions": "None so far.",
        "home_settings": "Your settings in private",
        **COMMANDS,
        **PAGE,
        **FIRST_STEPS,
        **RESET,
        **WHY,
    },
)
