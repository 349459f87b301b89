"""What `why` says of how an answer came about, in French."""

from collections.abc import Mapping

from bot.languages.language import Phrase

WHY: Mapping[str, Phrase] = {
    "why": "**Question {question} de cette conversation**\n{lines}",
    "why_model": "- {model} a répondu en {time}, à partir d'un prompt de {tokens} tokens.",
    "why_seen": {
        "one": "- Il a vu {count} question précédente avec sa réponse.",
        "other": "- Il a vu {count} questions précédentes avec leurs réponses.",
    },
    "why_left_out_turns": {
        "one": "- La question la plus ancienne n'avait pas la place et a été laissée de côté.",
        "other": "- Les {count} questions les plus anciennes n'avaient pas la place et ont été laissées de "
        "côté.",
    },
    "why_left_out_tokens": {
        "one": "- Le dernier token de la question n'avait pas la place et a été laissé de côté.",
        "other": "- Les {count} derniers tokens de la question n'avaient pas la place et ont été laissés de "
        "côté.",
    },
    "why_turn": "Dans le journal, c'est le tour {turn}.",
    "why_quotes": {
        "one": "- On lui a montré un message qui se trouvait près de la question.",
        "other": "- On lui a montré {count} messages qui se trouvaient près de la question.",
    },
    "why_files": "- Il a lu ces fichiers : {names}.",
    "why_reasoning": {
        "one": "- Il a réfléchi à voix haute : un caractère, qui n'est ni affiché ni gardé.",
        "other": "- Il a réfléchi à voix haute : {count} caractères, qui ne sont ni affichés ni gardés.",
    },
    "why_ignored": "- Sans effet, car le serveur du modèle ne les accepte pas : {names}.",
    "why_nothing": "Je ne me souviens d'aucune réponse de moi ici.",
    "why_person": "de qui a voulu cette réponse",
    "why_unknown": "Je me souviens de cette réponse, mais plus de la façon dont elle s'est faite.",
    "why_running": "J'y travaille.",
    "why_silent": "Je ne sais rien de ce message. Je réponds quand on me mentionne, quand quelqu'un répond à "
    "un de mes messages, en privé, et dans les fils où j'ai déjà parlé. Je ne réponds pas aux personnes ni "
    "dans les canaux que la personne qui m'administre a exclus, ni à qui a déjà posé toutes ses questions.",
}
