"""The way from a dry run to a model, on the page, in French."""

from collections.abc import Mapping

from bot.languages.language import Phrase

FIRST_STEPS: Mapping[str, Phrase] = {
    "web_dry_run": "Ceci est un essai à blanc : aucun modèle n'est configuré, les réponses montrent donc ce "
    "qui lui aurait été envoyé. La personne qui administre le bot en choisit un avec mixtral-bot setup, ou "
    "par le lien qu'affiche son terminal : un jeton Hugging Face, l'adresse d'un serveur, ou un serveur de "
    "modèles sur cette machine.",
    "web_dry_run_yours": "Ceci est un essai à blanc : aucun modèle n'est configuré, les réponses montrent "
    "donc ce qui lui aurait été envoyé.",
    "web_steps_open": "Choisir un modèle",
    "web_steps_title": "Quel modèle doit répondre ?",
    "web_steps_used": "Ce lien a déjà servi, ou le bot a redémarré depuis : son terminal affiche celui qui "
    "est valable.",
    "web_steps_here": "Sur cette machine",
    "web_steps_looking": "Recherche d'un serveur de modèles …",
    "web_steps_none": "Aucun n'a été trouvé. Ollama, llama.cpp, vLLM, LM Studio et TGI sont cherchés à leurs "
    "ports habituels.",
    "web_steps_again": "Chercher de nouveau",
    "web_steps_use": "Utiliser {title}",
    "web_steps_model": "Modèle de {title}",
    "web_steps_server": "Un serveur ailleurs",
    "web_steps_url": "Son adresse, par exemple http://192.168.1.20:8000",
    "web_steps_key": "Sa clé, s'il en veut une",
    "web_steps_hub": "Hugging Face",
    "web_steps_token": "Un jeton qui peut appeler les fournisseurs d'inférence",
    "web_steps_tokens": "En créer un sur huggingface.co",
    "web_steps_try": "Essayer et utiliser",
    "web_steps_longer": "Des réponses jusqu'à 1024 tokens, chacune avec une autre graine",
    "web_steps_longer_why": "Sans cela, une réponse a au plus 256 tokens, ce qui coupe la plupart de celles "
    "d'une conversation, et la même question reçoit de nouveau les mêmes mots (graine 42).",
    "web_steps_trying": "Essai en cours …",
    "web_steps_taken": "Il répond. Le bot redémarre avec lui : restez ici, ce que vous écrivez est gardé.",
    "web_steps_done": "Le modèle est là. Posez-lui une question.",
}
