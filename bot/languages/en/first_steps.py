"""The way from a dry run to a model, on the page."""

from collections.abc import Mapping

from bot.languages.language import Phrase

FIRST_STEPS: Mapping[str, Phrase] = {
    "web_dry_run": "This is a dry run: no model is set up, so answers show what one would have been sent. "
    "Whoever runs the bot chooses one with mixtral-bot setup, or by the link that its terminal shows: a "
    "Hugging Face token, a server's address, or a model server on that machine.",
    "web_dry_run_yours": "This is a dry run: no model is set up, so answers show what one would have been "
    "sent.",
    "web_steps_open": "Choose a model",
    "web_steps_title": "Which model shall answer?",
    "web_steps_used": "This link has been used, or the bot was started again since: its terminal shows "
    "the one "
    "that holds.",
    "web_steps_here": "On this machine",
    "web_steps_looking": "Looking for a model server …",
    "web_steps_none": "None was found. Ollama, llama.cpp, vLLM, LM Studio and TGI are looked for at their "
    "usual "
    "ports.",
    "web_steps_again": "Look again",
    "web_steps_use": "Use {title}",
    "web_steps_model": "Model of {title}",
    "web_steps_server": "A server somewhere else",
    "web_steps_url": "Its address, such as http://192.168.1.20:8000",
    "web_steps_key": "Its key, if it wants one",
    "web_steps_hub": "Hugging Face",
    "web_steps_token": "A token that may call inference providers",
    "web_steps_tokens": "Make one at huggingface.co",
    "web_steps_try": "Try and use it",
    "web_steps_longer": "Answers of up to 1,024 tokens, each from another seed",
    "web_steps_longer_why": "Without it an answer has at most 256 tokens, which cuts most of a "
    "conversation's "
    "short, and the same question gets the same words again (seed 42).",
    "web_steps_trying": "Trying …",
    "web_steps_taken": "It answers. The bot is starting again with it: stay here, what you type is kept.",
    "web_steps_done": "The model is there. Ask it something.",
}
