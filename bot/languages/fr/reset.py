"""A fresh start in a conversation, in French."""

from collections.abc import Mapping

from bot.languages.language import Phrase

RESET: Mapping[str, Phrase] = {
    "reset_done": {
        "one": "Nous repartons de zéro : à partir de maintenant, je laisse de côté la question ci-dessus et "
        "sa "
        "réponse. Rien n'est effacé, et `!reset undo` les fait revenir.",
        "other": "Nous repartons de zéro : à partir de maintenant, je laisse de côté les {count} questions "
        "ci-dessus et leurs réponses. Rien n'est effacé, et `!reset undo` les fait revenir.",
    },
    "reset_by": {
        "one": "{who} a tiré un trait : à partir de maintenant, je laisse de côté la question ci-dessus et "
        "sa "
        "réponse. Rien n'est effacé, et `!reset undo` les fait revenir.",
        "other": "{who} a tiré un trait : à partir de maintenant, je laisse de côté les {count} questions "
        "ci-dessus et leurs réponses. Rien n'est effacé, et `!reset undo` les fait revenir.",
    },
    "reset_empty": "Il n'y avait rien ci-dessus. Nous repartons de zéro.",
    "reset_how": "`!reset` repart de zéro, `!reset undo` revient à ce qu'il y avait avant, et "
    "`!reset everything` efface ce qui a été dit ici.",
    "undone": "Le trait est effacé : ce qui a été dit au-dessus compte de nouveau.",
    "undo_nothing": "Ce trait n'existe plus, rien n'a donc été modifié.",
    "may_not_delete": "Seule une personne qui gère ce canal peut effacer ce que tout le monde a dit ici. "
    "`!reset` repart de zéro et n'efface rien ; `!forget` efface ce qui est à vous.",
    "deleted": {
        "one": "C'est effacé : une question avec sa réponse.",
        "other": "C'est effacé : {count} questions avec leurs réponses.",
    },
    "button_undo": "Annuler",
    "button_delete": "Effacer pour de bon",
}
