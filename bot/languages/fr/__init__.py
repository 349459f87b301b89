"""What the bot says in French."""

from bot.languages.fr.commands import COMMANDS
from bot.languages.fr.first_steps import FIRST_STEPS
from bot.languages.fr.page import PAGE
from bot.languages.fr.reset import RESET
from bot.languages.fr.why import WHY
from bot.languages.language import Language

LANGUAGE = Language(
    tag="fr",
    name="français",
    phrases={
        # who is heard
        "blocked": "Vous ne pouvez pas utiliser ce bot ici.",
        "user_not_allowed": "Ce bot ne répond qu'à certaines personnes, et vous n'êtes pas sur sa liste. La "
        "personne qui l'administre peut vous y ajouter.",
        "stranger_not_allowed": "Je ne réponds qu'aux membres de cet espace de travail. La personne qui "
        "m'administre peut changer cela.",
        "server_not_allowed": "Je ne réponds pas ici. La personne qui m'administre a choisi où je le fais.",
        "channel_not_allowed": "Je ne réponds pas dans ce canal. La personne qui m'administre peut "
        "l'autoriser.",
        "private_sessions_off": "Les conversations privées sont désactivées ici. Posez-moi plutôt votre "
        "question dans un canal.",
        "over_quota": "Vous avez posé toutes les questions possibles pour le moment. Vous pourrez en poser "
        "d'autres dans {time}.",
        # waiting
        "waiting_place": "⏳ Le modèle est occupé par d'autres questions. Avant vous : {before}.",
        "waking": "⏳ Le modèle se réveille. Votre réponse s'affichera ici d'elle-même.",
        "waking_seconds": "⏳ Le modèle se réveille, ce qui prend environ {time}. Votre réponse s'affichera "
        "ici d'elle-même.",
        "busy": "⏳ Le modèle est débordé. Je réessaie.",
        "thinking": "⏳ je réfléchis, {seconds} s",
        "restarting": "⏳ Je redémarre. Votre réponse s'affichera ici d'elle-même.",
        # what is said below an answer
        "length": "*La réponse a atteint sa limite de {tokens} tokens. `!continue` la poursuit, "
        "`!max_tokens` relève la limite.*",
        "filtered": "*Le serveur du modèle a arrêté cette réponse avec son filtre de contenu.*",
        "broke_off": "*La réponse s'est interrompue ici : la connexion au modèle a été perdue.*",
        "gave_up": "*La réponse s'est interrompue ici : le serveur du modèle a abandonné.*",
        "broke_off_busy": "*La réponse s'est interrompue ici : le modèle est débordé.*",
        "broke_off_long": "*La réponse s'est interrompue ici : elle est devenue trop longue pour le serveur "
        "du modèle.*",
        "broke_off_token": "*La réponse s'est interrompue ici : le serveur du modèle n'accepte plus ce bot.*",
        "broke_off_credits": "*La réponse s'est interrompue ici : le crédit pour le modèle est épuisé.*",
        "only_thought": "*Le modèle a atteint sa limite pendant qu'il réfléchissait. `!max_tokens` la "
        "relève.*",
        "fell_silent": "*La réponse s'est interrompue ici : le modèle s'est tu.*",
        "empty": "*Le modèle a donné une réponse vide. Essayez de formuler la question autrement.*",
        "content_blocked": "*Le reste de cette réponse a été bloqué par les règles de cet endroit.*",
        "content_refused": "*Le reste de cette réponse n'est pas accepté ici. Copier vous la donne en "
        "entier.*",
        "answer_blocked": "*Cette réponse a été bloquée par les règles de cet endroit.*",
        "answer_refused": "*Cette réponse n'est pas acceptée ici. Copier vous la donne en entier.*",
        "version_blocked": "*Une autre version a été bloquée par les règles d'ici : celle-ci reste.*",
        "nothing_to_ask": "*Il n'y a rien dans votre message que je puisse lire. Que voulez-vous savoir ?*",
        "question_cut": "*Votre message était trop long : ses {tokens} derniers tokens ont été laissés de "
        "côté.*",
        "not_readable": "*Je n'ai pas le droit de lire le message dont vous parlez, il me faudrait donc "
        "deviner ce qu'il dit. Choisissez « Question sur ce message » dans le menu de ce message, sous "
        "Applications, ou recopiez-le ici.*",
        "link_unreadable": "*Je n'ai pas pu lire un message vers lequel mène un de vos liens.*",
        "sound_declined": "*Je ne lis que du texte, je n'ai donc pas écouté {name}.*",
        "film_declined": "*Je ne lis que du texte, je n'ai donc pas regardé {name}.*",
        "archive_declined": "*Je n'ouvre pas les archives, je n'ai donc pas lu ce que contient {name}.*",
        "document_unreadable": "*Je n'ai pu tirer aucun texte de {name}.*",
        "image_declined": "*Je ne lis que du texte, je n'ai donc pas vu {name}.*",
        "file_too_large": "*Je lis des fichiers jusqu'à {limit}, je n'ai donc lu que le début de {name}.*",
        "file_shortened": "*{name} est long, j'en ai donc sauté le milieu.*",
        "file_not_text": "*{name} n'est pas un fichier texte, je ne l'ai donc pas lu.*",
        "file_unreadable": "*Je n'ai pas pu lire {name}.*",
        "too_many_files": "*Je lis jusqu'à {limit} fichiers par message ; ceux-ci ont été laissés de côté : "
        "{names}.*",
        "first_private": "*Je garde ce que nous écrivons ici, pour savoir de quoi nous parlons. `!help` dit "
        "pendant combien de temps, `!forget` l'efface.*",
        "asked_while_away": "*Question posée pendant mon absence.*",
        # faults, in place of an answer
        "line_full": "Tant de questions attendent déjà le modèle que la vôtre n'a pas été prise. Posez-la de "
        "nouveau plus tard.",
        "line_full_for": "{waiting} questions attendent déjà le modèle, pour environ {time}, la vôtre n'a "
        "donc pas été prise. Posez-la de nouveau à ce moment-là.",
        "model_busy": "Le modèle est débordé en ce moment. Posez votre question de nouveau dans une minute.",
        "model_unreachable": "Le modèle est injoignable. Posez votre question de nouveau plus tard.",
        "model_waking": "Le modèle ne s'est pas réveillé à temps. Posez votre question de nouveau dans "
        "quelques minutes.",
        "token_refused": "Le serveur du modèle n'accepte pas le jeton d'accès de ce bot. La personne qui "
        "administre le bot doit en mettre un autre : `MODEL_API_KEY`, ou `HF_TOKEN` pour Hugging Face.",
        "unknown_model": "Le modèle sur lequel ce bot est réglé n'est pas servi là-bas. La personne qui "
        "administre le bot doit choisir un autre modèle ou un autre serveur.",
        "no_credits": "Le crédit du modèle est épuisé. À la personne qui administre le bot d'en remettre.",
        "context_too_long": "Cette conversation est trop longue pour le serveur du modèle. `!reset` en "
        "commence une autre ; un `!max_tokens` plus bas laisse plus de place.",
        "model_refused": "Le serveur du modèle n'accepte pas cette requête. La personne qui administre le "
        "bot en trouvera la raison dans son journal.",
        "model_silent": "Le modèle n'a pas répondu à temps. Posez votre question de nouveau.",
        "model_gave_up": "Le serveur du modèle a abandonné avant d'avoir dit quoi que ce soit. Posez votre "
        "question de nouveau.",
        "stream_broke": "La connexion au modèle a été perdue avant qu'il ait dit quoi que ce soit. Posez "
        "votre question de nouveau.",
        "store_unavailable": "Je n'ai pas accès à ma mémoire en ce moment, je ne peux donc pas répondre. "
        "Réessayez dans une minute.",
        "store_waits": "Je n'ai pas accès à ma mémoire en ce moment. Je répondrai dès que possible.",
        "store_full": "Ma mémoire est pleine, je ne peux donc pas m'en charger. La personne qui administre "
        "le bot doit faire de la place ; réessayez plus tard.",
        "unexpected": "Quelque chose s'est mal passé de mon côté. La personne qui administre le bot le "
        "trouvera dans son journal.",
        "place_refused": "Je n'ai pas le droit d'écrire là où vous avez posé votre question, vous n'y verrez "
        "donc pas ma réponse. La personne qui administre cet endroit peut me le permettre.",
        "access_lost": "Mon propre accès à cette messagerie ne fonctionne pas, ma réponse n'a donc pas pu "
        "s'afficher. La personne qui administre le bot doit le rétablir et trouvera comment dans son "
        "journal.",
        "not_shown": "Ma réponse n'a pas pu s'afficher. Posez votre question de nouveau.",
        # settings
        "setting_is": "Ici, {word} vaut {value} ({origin}).",
        "changed": "{who} a modifié {what} {place}.",
        "changed_from": "{word} de {before} à {after}",
        "changed_to": "{word} à {after}",
        "changed_own": "C'est modifié, pour vos questions ici : {what}.",
        "changed_own_only": "C'est modifié, pour vos questions ici : {what} ; pour tout le monde, c'est aux "
        "gestionnaires du canal de le faire.",
        "place_me": "pour vos questions ici",
        "place_channel": "dans ce canal",
        "place_private": "pour nos conversations privées",
        "place_workspace": "pour tout l'espace de travail",
        "may_not_set": "Seules les personnes qui gèrent ce canal peuvent modifier cela ici. Dans une "
        "conversation privée avec moi, vous pouvez régler ce que vous voulez.",
        "may_not_set_channel": "Seules les personnes qui gèrent ce canal peuvent le modifier pour tout le "
        "monde. Enlevez `channel` pour le modifier pour vos propres questions ici.",
        "not_personal": "{word} est le même pour tout le monde dans un canal. Rien n'a été modifié.",
        "may_not_set_workspace": "Seules les personnes qui gèrent l'espace de travail peuvent en modifier "
        "les valeurs par défaut.",
        "no_workspace": "Il n'y a pas d'espace de travail ici. Enlevez `workspace`.",
        "out_of_range": "{word} accepte un nombre de {low} à {high}. Rien n'a été modifié.",
        "out_of_range_whole": "{word} accepte un nombre entier de {low} à {high}. Rien n'a été modifié.",
        "out_of_range_seed": "{word} accepte un nombre entier de {low} à {high}, ou `random`. Rien n'a été "
        "modifié.",
        "system_too_long": "Un prompt système peut avoir au plus {count} tokens, d'environ quatre lettres "
        "chacun. Rien n'a été modifié.",
        "no_such_model": "Il n'y a pas de modèle de ce nom ici. Vouliez-vous dire `{near}` ? Il y a : "
        "{names}.",
        "model_card": "une fenêtre de {context} tokens, sur {host}",
        "presets": "Un préréglage règle ensemble temperature, top_p et repetition_penalty. Il y a : {names}.",
        "preset_precise": "précis",
        "preset_balanced": "équilibré",
        "preset_creative": "créatif",
        "languages": "Je parle : {names}.",
        "prompts": "Prompts système enregistrés ici : {names}. `!prompt` et un nom en choisit un.",
        "no_prompts": "Aucun prompt système n'est encore enregistré ici. `!prompt save pirate Tu es un "
        "pirate.` en enregistre un sous le nom pirate.",
        "prompt_saved": "Enregistré sous le nom {name}. `!prompt {name}` le choisit.",
        "prompt_deleted": "Le prompt système {name} n'est plus enregistré.",
        "prompt_empty": "Il n'y a pas de prompt système à enregistrer. Écrivez-le après le nom : `!prompt "
        "save {name} Tu es …`",
        "prompt_unknown": "Aucun prompt système de ce nom n'est enregistré ici. Il y a : {names}.",
        "too_many_prompts": "Un canal garde {count} prompts système au plus. Supprimez-en un d'abord.",
        "settings": "**Réglages en vigueur ici**\n{lines}\n\nModifiez-en un avec `!temperature 0.3`, "
        "revenez en arrière avec `!temperature default`.",
        "settings_for_you": "Ce que vous modifiez vaut pour vos questions ici ; pour tout le monde, c'est "
        "aux gestionnaires du canal de le faire.",
        "settings_line": "- {word} : {value} ({origin})",
        "origin_default": "par défaut",
        "origin_workspace": "espace de travail",
        "origin_channel": "canal",
        "origin_private": "votre session privée",
        "origin_person": "pour vos questions ici",
        "origin_preset": "préréglage {preset}, {place}",
        "random": "au hasard",
        "none": "aucun",
        "stood_in": "*C'est {model} qui a répondu, car {absent} ne l'a pas fait.*",
        "model_gone": "*Le modèle {gone} n'est plus proposé ici, c'est donc {model} qui a répondu.*",
        # commands
        "unknown_command": "Je ne connais pas `{word}`.",
        "unknown_command_near": "Je ne connais pas `{word}`. Vouliez-vous dire `{near}` ?",
        "hello": "Bonjour ! Je suis Mixtral. Posez-moi une question, ou dites `!help`.",
        "nothing_asked": "Que voulez-vous demander ? Écrivez votre question après `ask`.",
        "help": "**Je suis Mixtral.** Mentionnez-moi avec une question, répondez à l'un de mes messages "
        "ou écrivez-moi en privé.\n\n"
        "Après une mention, ou en commandes slash :\n"
        "- `!temperature 0.3` (de 0 à 2) : plus bas, c'est plus régulier, plus haut, plus audacieux ; "
        "ou `!preset precise`\n"
        "- `!top_p 0.9`, `!repetition_penalty 1.2`, `!seed 42` (ou `random`)\n"
        "- `!max_tokens 512` : la longueur que peut avoir une réponse\n"
        "- qui gère un canal les règle pour tout le monde (`0.3 me` : pour soi), les autres pour leurs "
        "propres questions dans ce canal\n"
        "- `!system Tu es un pirate.` : qui je suis dans ce canal ; `!prompt` en garde plusieurs\n"
        "- `!model`, `!language` ({languages}) ; `!settings` les montre tous, et d'où vient chacun\n"
        "- `!stop`, `!regenerate`, `!continue` : pendant ma réponse et après ; "
        "❌ sur une réponse l'arrête aussi\n"
        "- `!why` : ce que j'ai vu pour une réponse ; `!reset` : repartir de zéro\n"
        "- `!export` : tout ce que je garde sur vous ; `!forget` : l'effacer\n\n"
        "Je lis les fichiers texte et les documents, pas les images. Dans un fil, je lis ce qui a été dit "
        "avant, quand quelqu'un m'y pose une question. Je garde les questions avec ce dont elles parlent, "
        "leurs réponses et le nom de qui les a posées, et je les efface {kept}. La personne qui m'administre "
        "peut les lire.",
        "help_alone": "**Je suis Mixtral.** Posez-moi une question, ou dites un de ces mots :\n"
        "- `!temperature 0.3` (de 0 à 2) : plus bas, c'est plus régulier, plus haut, plus audacieux ; "
        "ou `!preset precise`\n"
        "- `!top_p 0.9`, `!repetition_penalty 1.2`, `!seed 42` (ou `random`)\n"
        "- `!max_tokens 512` : la longueur que peut avoir une réponse\n"
        "- `!system Tu es un pirate.` : qui je suis ici ; `!prompt` en garde plusieurs\n"
        "- `!model`, `!language` ({languages}) ; `!settings` les montre tous, et d'où vient chacun\n"
        "- `!stop`, `!regenerate`, `!continue` : pendant ma réponse et après\n"
        "- `!why` : ce que j'ai vu pour une réponse ; `!reset` : repartir de zéro\n"
        "- `!export` : tout ce que je garde sur vous ; `!forget` : l'effacer\n\n"
        "Je garde les questions avec leurs réponses et le nom de qui les a posées, et je les efface {kept}. "
        "La personne qui m'administre peut les lire.",
        "kept_days": {"one": "au bout d'un jour", "other": "au bout de {count} jours"},
        # an answer in the reader's hands
        "button_stop": "Arrêter",
        "button_regenerate": "Régénérer",
        "button_continue": "Continuer",
        "button_copy": "Copier",
        "button_good": "👍 Bonne réponse",
        "button_bad": "👎 Mauvaise réponse",
        "button_earlier": "‹ Précédente",
        "button_later": "Suivante ›",
        "button_reason": "Dire pourquoi",
        "button_forget": "Tout effacer",
        "stopped": "*Arrêtée.*",
        "stopping": "La réponse est arrêtée.",
        "nothing_to_stop": "Il n'y a rien à arrêter ici.",
        "not_yours": "Seule la personne qui a posé la question, ou quelqu'un qui gère ce canal, peut le "
        "faire.",
        "answer_gone": "Je ne garde plus cette réponse, rien n'a donc été modifié.",
        "answer_whole": "Cette réponse est complète : il n'y a rien à continuer.",
        "already_asked": "Cela a déjà été demandé.",
        "too_many_versions": "Il y a déjà {count} versions de cette réponse, et je n'en garde pas plus.",
        "requested_again": "J'écris une autre version.",
        "requested_show": "J'affiche l'autre version.",
        "requested_go_on": "Je continue la réponse.",
        "status_again": "⏳ Une autre version arrive.",
        "status_redo": "⏳ La question a changé, j'y réponds donc de nouveau.",
        "copied": "Voici la réponse telle qu'elle a été écrite, en Markdown.",
        "rated": "Merci, c'est noté. Savoir pourquoi aide : appuyez sur le bouton, ou dites `!{word}` suivi "
        "de la raison.",
        "rated_why": "Merci, c'est noté, avec votre raison.",
        "reason_title": "Pourquoi ?",
        "reason_label": "En un mot ou deux",
        # a person's data
        "exported": {
            "one": "Tout ce que je garde sur vous : {count} question avec sa réponse, et tout ce qui est à "
            "vous par ailleurs.",
            "other": "Tout ce que je garde sur vous : {count} questions avec leurs réponses, et tout ce qui "
            "est à vous par ailleurs.",
        },
        "forget_sure": "Cela efface tout ce que je garde sur vous : vos questions et mes réponses, y compris "
        "dans les canaux partagés, vos réglages privés, vos prompts système et vos évaluations. C'est "
        "irréversible. Appuyez sur le bouton, ou dites `!forget everything`.",
        "forgotten": "C'est effacé. Questions avec leurs réponses : {turns}. Messages de vous qui étaient "
        "cités : {mentions}. Prompts système : {texts}. Évaluations : {ratings}. Les messages qui se "
        "trouvent dans les canaux eux-mêmes, c'est à vous de les supprimer.",
        # a form for a question about a message
        "ask_title": "Question sur ce message",
        "ask_label": "Votre question, si vous en avez une",
        "ask_default": "Qu'en pensez-vous ?",
        # where a platform has buttons and forms
        "button_settings": "Modifier les réglages",
        "button_show": "Afficher les réglages",
        "old_button": "Ce bouton appartient à quelque chose qui n'est plus là. Rien n'a été modifié.",
        "form_title": "Réglages",
        "form_save": "Enregistrer",
        "form_cancel": "Annuler",
        "refused_here": "Je n'ai pas le droit de faire cela ici (`{reason}`). La personne qui m'administre "
        "en trouve plus dans mon journal.",
        "form_late": "L'ouverture a pris trop de temps. Réessayez.",
        "form_send": "Envoyer",
        "form_origin": "Vient de : {origin}.",
        "form_pick": "Choisissez",
        "form_scope": "où cela vaut",
        "hint_number": "De {low} à {high}. Vide : la valeur héritée.",
        "hint_seed": "Un nombre entier de {low} à {high}, ou random. Vide : la valeur héritée.",
        "hint_system": "Qui je suis ici, en {limit} caractères au plus. Vide : la valeur héritée.",
        "hint_preset": "Remplace temperature, top_p et repetition_penalty.",
        "hint_language": "Ce que je parle moi-même ici. Hérité : la langue de chaque personne.",
        "option_inherited": "hérité",
        "word_in_thread": "Chaque fil est une conversation à part. Dans celui qui vous intéresse, "
        "mentionnez-moi et dites `!{word}`.",
        "file_sent": "Je vous l'ai envoyé en privé.",
        "file_forbidden": "Je ne peux pas encore remettre de fichiers. La personne qui m'administre doit "
        "m'installer ici de nouveau, avec toutes les autorisations que je demande.",
        "not_in_channel": "Je ne suis pas dans ce canal. Invitez-moi avec `/invite`, puis posez votre "
        "question de nouveau.",
        "home_title": "Mixtral",
        "home_what": "Je réponds avec Mixtral-8x7B-Instruct. Mentionnez-moi dans un canal, ou écrivez-moi "
        "dans l'onglet Messages. Chaque fil est une conversation, dans laquelle je me souviens de ce qui a "
        "été dit.",
        "home_keeps": "Je garde les questions que l'on me pose et mes réponses, et je les efface {kept}. La "
        "personne qui administre ce bot peut les lire, personne d'autre. Dans un fil, !reset repart de "
        "zéro ; !export et !forget sont pour tout ce que je garde sur vous.",
        "home_sessions": "Vos conversations privées",
        "home_no_sessions": "Aucune pour l'instant.",
        "home_settings": "Vos réglages en privé",
        **COMMANDS,
        **PAGE,
        **FIRST_STEPS,
        **RESET,
        **WHY,
    },
)
