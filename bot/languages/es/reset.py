"""A fresh start in a conversation."""

from collections.abc import Mapping

from bot.languages.language import Phrase

RESET: Mapping[str, Phrase] = {
    "reset_done": {
        "one": "Empezamos de cero: desde ahora dejo de lado la pregunta de arriba con su respuesta. "
        "No se borra nada, y `!reset undo` la recupera.",
        "other": "Empezamos de cero: desde ahora dejo de lado las {count} preguntas de arriba con sus "
        "respuestas. No se borra nada, y `!reset undo` las recupera.",
    },
    "reset_by": {
        "one": "{who} ha trazado una línea: desde ahora dejo de lado la pregunta de arriba con su "
        "respuesta. No se borra nada, y `!reset undo` la recupera.",
        "other": "{who} ha trazado una línea: desde ahora dejo de lado las {count} preguntas de arriba "
        "con sus respuestas. No se borra nada, y `!reset undo` las recupera.",
    },
    "reset_empty": "No había nada arriba. Empezamos de cero.",
    "reset_how": "`!reset` empieza de cero, `!reset undo` vuelve a lo de antes y `!reset everything` "
    "borra lo que se dijo aquí.",
    "undone": "La línea ya no está: lo que se dijo arriba vuelve a contar.",
    "undo_nothing": "Esa línea ya no existe, así que no se ha cambiado nada.",
    "may_not_delete": "Solo quien administra este canal puede borrar lo que todos dijeron aquí. "
    "`!reset` empieza de cero y no borra nada; `!forget` borra lo tuyo.",
    "deleted": {
        "one": "Borrado: una pregunta con su respuesta.",
        "other": "Borrado: {count} preguntas con sus respuestas.",
    },
    "button_undo": "Deshacer",
    "button_delete": "Borrar para siempre",
}
