"""What `why` says of how an answer came about, in Spanish."""

from collections.abc import Mapping

from bot.languages.language import Phrase

WHY: Mapping[str, Phrase] = {
    "why": "**Pregunta {question} de esta conversación**\n{lines}",
    "why_model": "- {model} respondió en {time}, a partir de un prompt de {tokens} tokens.",
    "why_seen": {
        "one": "- Vio una pregunta anterior con su respuesta.",
        "other": "- Vio {count} preguntas anteriores con sus respuestas.",
    },
    "why_left_out_turns": {
        "one": "- La pregunta más antigua no cabía y se quedó fuera.",
        "other": "- Las {count} preguntas más antiguas no cabían y se quedaron fuera.",
    },
    "why_left_out_tokens": {
        "one": "- El último token de la pregunta no cabía y se quedó fuera.",
        "other": "- Los últimos {count} tokens de la pregunta no cabían y se quedaron fuera.",
    },
    "why_turn": "En el registro es el turno {turn}.",
    "why_quotes": {
        "one": "- Se le mostró un mensaje que estaba junto a la pregunta.",
        "other": "- Se le mostraron {count} mensajes que estaban junto a la pregunta.",
    },
    "why_files": "- Leyó estos archivos: {names}.",
    "why_reasoning": {
        "one": "- Pensó en voz alta: un carácter, que no se muestra ni se guarda.",
        "other": "- Pensó en voz alta: {count} caracteres, que no se muestran ni se guardan.",
    },
    "why_ignored": "- Sin efecto, porque el servidor del modelo no los admite: {names}.",
    "why_nothing": "No recuerdo ninguna respuesta mía aquí.",
    "why_person": "de quien quiso esta respuesta",
    "why_unknown": "Recuerdo esta respuesta, pero ya no cómo se hizo.",
    "why_running": "Estoy en ello.",
    "why_silent": "No sé nada de ese mensaje. Respondo cuando me mencionan, cuando alguien responde "
    "a un mensaje mío, en privado y en los hilos en los que ya he hablado. No respondo a las personas "
    "ni en los canales que ha excluido quien me administra, ni a quien ya ha hecho todas las "
    "preguntas que puede hacer.",
}
