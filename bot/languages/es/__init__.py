"""What the bot says in Spanish."""

from bot.languages.es.commands import COMMANDS
from bot.languages.es.first_steps import FIRST_STEPS
from bot.languages.es.page import PAGE
from bot.languages.es.reset import RESET
from bot.languages.es.why import WHY
from bot.languages.language import Language

LANGUAGE = Language(
    tag="es",
    name="español",
    phrases={
        # who is heard
        "blocked": "Aquí no puedes usar este bot.",
        "user_not_allowed": "Este bot solo responde a ciertas personas, y tú no estás en su lista. "
        "Quien lo administra puede añadirte.",
        "stranger_not_allowed": "Solo respondo a la gente de este espacio de trabajo. "
        "Quien me administra puede cambiarlo.",
        "server_not_allowed": "Aquí no respondo. Quien me administra ha dicho dónde lo hago.",
        "channel_not_allowed": "En este canal no respondo. Quien me administra puede permitirlo.",
        "private_sessions_off": "Aquí las conversaciones privadas están desactivadas. "
        "Pregúntame en un canal, por favor.",
        "over_quota": "Ya has hecho todas las preguntas que puedes hacer por ahora. "
        "Podrás volver a preguntar en {time}.",
        # waiting
        "waiting_place": "⏳ El modelo está ocupado con otras preguntas. Delante de ti: {before}.",
        "waking": "⏳ El modelo se está despertando. Tu respuesta aparecerá aquí sola.",
        "waking_seconds": "⏳ El modelo se está despertando; tardará más o menos {time}. "
        "Tu respuesta aparecerá aquí sola.",
        "busy": "⏳ El modelo tiene demasiado trabajo. Lo intento de nuevo.",
        "thinking": "⏳ pensando, {seconds} s",
        "restarting": "⏳ Me estoy reiniciando. Tu respuesta aparecerá aquí sola.",
        # what is said below an answer
        "length": "*La respuesta llegó a su límite de {tokens} tokens. `!continue` la continúa, "
        "`!max_tokens` sube el límite.*",
        "filtered": "*El servidor del modelo detuvo esta respuesta con su filtro de contenido.*",
        "broke_off": "*La respuesta se cortó aquí: se perdió la conexión con el modelo.*",
        "gave_up": "*La respuesta se cortó aquí: el servidor del modelo se rindió.*",
        "broke_off_busy": "*La respuesta se cortó aquí: el modelo tiene demasiado trabajo.*",
        "broke_off_long": "*La respuesta se cortó aquí: ya no cabe en el servidor del modelo.*",
        "broke_off_token": "*La respuesta se cortó aquí: el servidor del modelo ya no admite a este bot.*",
        "broke_off_credits": "*La respuesta se cortó aquí: se acabó el crédito para el modelo.*",
        "only_thought": "*El modelo llegó a su límite mientras pensaba. `!max_tokens` lo sube.*",
        "fell_silent": "*La respuesta se cortó aquí: el modelo dejó de escribir.*",
        "empty": "*El modelo dio una respuesta vacía. Prueba a preguntarlo de otra manera.*",
        "content_blocked": "*Las normas de este sitio han bloqueado el resto de esta respuesta.*",
        "content_refused": "*Este sitio no admite el resto de esta respuesta. Copiar te la da entera.*",
        "answer_blocked": "*Las normas de este sitio han bloqueado esta respuesta.*",
        "answer_refused": "*Este sitio no admite esta respuesta. Copiar te la da entera.*",
        "version_blocked": "*Las normas de este lugar bloquearon otra versión, así que se queda esta.*",
        "nothing_to_ask": "*En tu mensaje no hay nada que yo pueda leer. ¿Qué te gustaría saber?*",
        "question_cut": "*Tu mensaje era demasiado largo: sus últimos {tokens} tokens se quedaron fuera.*",
        "not_readable": "*No puedo leer el mensaje al que te refieres y tendría que adivinar qué dice. "
        "Elige «Preguntar sobre este mensaje» en el menú de ese mensaje, en Aplicaciones, "
        "o escribe aquí sus palabras.*",
        "link_unreadable": "*No he podido leer un mensaje que has enlazado.*",
        "sound_declined": "*Solo leo texto, así que no he escuchado {name}.*",
        "film_declined": "*Solo leo texto, así que no he visto {name}.*",
        "archive_declined": "*No abro archivos comprimidos, así que no he leído lo que hay en {name}.*",
        "document_unreadable": "*No he podido sacar ningún texto de {name}.*",
        "image_declined": "*Solo leo texto, así que no he visto {name}.*",
        "file_too_large": "*Leo archivos de hasta {limit}, así que solo he leído el principio de {name}.*",
        "file_shortened": "*{name} es largo, así que me he saltado su parte central.*",
        "file_not_text": "*{name} no es un archivo de texto, así que no lo he leído.*",
        "file_unreadable": "*No he podido leer {name}.*",
        "too_many_files": "*Leo hasta {limit} archivos por mensaje; estos se quedaron fuera: {names}.*",
        "first_private": "*Guardo lo que escribimos aquí para saber de qué hablamos. "
        "`!help` dice por cuánto tiempo, `!forget` lo borra.*",
        "asked_while_away": "*Me lo preguntaste mientras no estaba.*",
        # faults, in place of an answer
        "line_full": "Ya esperan tantas preguntas al modelo que no he tomado la tuya. "
        "Vuelve a preguntar más tarde.",
        "line_full_for": "Ya esperan {waiting} preguntas al modelo, durante unos {time}, así que no he "
        "tomado la tuya. Vuelve a preguntar entonces.",
        "model_busy": "Ahora mismo el modelo tiene demasiado trabajo. Vuelve a preguntar en un minuto, "
        "por favor.",
        "model_unreachable": "Ahora mismo no puedo conectar con el modelo. Vuelve a preguntar más tarde, "
        "por favor.",
        "model_waking": "El modelo no se despertó a tiempo. Vuelve a preguntar en unos minutos, por favor.",
        "token_refused": "El servidor del modelo no acepta la clave de acceso de este bot. "
        "Quien lo administra tiene que poner otra: `MODEL_API_KEY`, o `HF_TOKEN` si es de Hugging Face.",
        "unknown_model": "El modelo que este bot tiene configurado no está en ese servidor. "
        "Quien lo administra tiene que elegir otro modelo u otro servidor.",
        "no_credits": "Se ha agotado el saldo para usar el modelo. "
        "Quien administra el bot tiene que recargarlo.",
        "context_too_long": "Esta conversación es demasiado larga para el servidor del modelo. "
        "`!reset` empieza otra; un `!max_tokens` más bajo deja más espacio.",
        "model_refused": "El servidor del modelo no admite esta petición. "
        "Quien administra el bot encontrará el motivo en su registro.",
        "model_silent": "El modelo no respondió a tiempo. Vuelve a preguntar, por favor.",
        "model_gave_up": "El servidor del modelo se rindió antes de decir nada. Vuelve a preguntar.",
        "stream_broke": "Se perdió la conexión con el modelo antes de que dijera nada. "
        "Vuelve a preguntar, por favor.",
        "store_unavailable": "Ahora mismo no puedo acceder a mi memoria, así que no puedo responder. "
        "Inténtalo otra vez en un minuto, por favor.",
        "store_waits": "Ahora mismo no llego a mi memoria. Responderé en cuanto pueda.",
        "store_full": "Mi memoria está llena, así que no puedo ocuparme de eso. Quien administra el bot "
        "tiene que hacer sitio; inténtalo de nuevo más tarde.",
        "unexpected": "Algo ha fallado por mi parte. Quien administra el bot lo encontrará en su registro.",
        "place_refused": "No puedo escribir donde has preguntado, así que allí no verás mi respuesta. "
        "Quien administra ese sitio puede permitírmelo.",
        "access_lost": "Mi propio acceso a este chat no funciona, así que no he podido mostrar mi respuesta. "
        "Quien administra el bot tiene que arreglarlo; en su registro verá cómo.",
        "not_shown": "No he podido mostrar mi respuesta. Vuelve a preguntar, por favor.",
        # settings
        "setting_is": "Aquí {word} es {value} ({origin}).",
        "changed": "{who} cambió {what} {place}.",
        "changed_from": "{word} de {before} a {after}",
        "changed_to": "{word} a {after}",
        "changed_own": "He cambiado {what}, para tus preguntas aquí.",
        "changed_own_only": "He cambiado {what}, para tus preguntas aquí; para todos lo ajusta quien "
        "administra el canal.",
        "place_me": "para tus preguntas aquí",
        "place_channel": "en este canal",
        "place_private": "para nuestras conversaciones privadas",
        "place_workspace": "en todo el espacio de trabajo",
        "may_not_set": "Eso aquí solo lo puede cambiar quien administra este canal. "
        "En una conversación privada conmigo puedes ajustar lo que quieras.",
        "may_not_set_channel": "Para todos solo lo puede cambiar quien administra este canal. "
        "Quita `channel` para cambiarlo en tus propias preguntas aquí.",
        "not_personal": "{word} es igual para todos en un canal. No se ha cambiado nada.",
        "may_not_set_workspace": "Los valores de todo el espacio de trabajo solo los puede cambiar "
        "quien lo administra.",
        "no_workspace": "Aquí no hay ningún espacio de trabajo. Quita `workspace`.",
        "out_of_range": "{word} admite un número de {low} a {high}. No se ha cambiado nada.",
        "out_of_range_whole": "{word} admite un número entero de {low} a {high}. No se ha cambiado nada.",
        "out_of_range_seed": "{word} admite un número entero de {low} a {high}, o `random`. "
        "No se ha cambiado nada.",
        "system_too_long": "Un prompt de sistema puede tener como mucho {count} tokens, de unas cuatro "
        "letras cada uno. No se ha cambiado nada.",
        "no_such_model": "Aquí no hay ningún modelo con ese nombre. ¿Querías decir `{near}`? Hay: {names}.",
        "model_card": "una ventana de {context} tokens, en {host}",
        "presets": "Un preset ajusta a la vez temperature, top_p y repetition_penalty. Hay: {names}.",
        "preset_precise": "preciso",
        "preset_balanced": "equilibrado",
        "preset_creative": "creativo",
        "languages": "Hablo: {names}.",
        "prompts": "Prompts de sistema guardados aquí: {names}. Elige uno con `!prompt` y su nombre.",
        "no_prompts": "Aquí todavía no hay prompts de sistema guardados. "
        "`!prompt save pirata Eres un pirata.` guarda uno con el nombre pirata.",
        "prompt_saved": "Guardado con el nombre {name}. Para elegirlo: `!prompt {name}`.",
        "prompt_deleted": "El prompt de sistema {name} ya no está guardado.",
        "prompt_empty": "No hay ningún prompt de sistema que guardar. Escríbelo después del nombre: "
        "`!prompt save {name} Eres …`",
        "prompt_unknown": "Aquí no hay ningún prompt de sistema con ese nombre. Hay: {names}.",
        "too_many_prompts": "Un canal guarda como mucho {count} prompts de sistema. Borra uno antes.",
        "settings": "**Ajustes de aquí**\n{lines}\n\nCambia uno con `!temperature 0.3`; "
        "vuelve atrás con `!temperature default`.",
        "settings_for_you": "Lo que cambies vale para tus preguntas aquí; para todos lo ajusta quien "
        "administra el canal.",
        "settings_line": "- {word}: {value} ({origin})",
        "origin_default": "valor predeterminado",
        "origin_workspace": "espacio de trabajo",
        "origin_channel": "canal",
        "origin_private": "tu sesión privada",
        "origin_person": "para tus preguntas aquí",
        "origin_preset": "por el preset {preset}, {place}",
        "random": "al azar",
        "none": "ninguno",
        "stood_in": "*Ha respondido {model}, porque {absent} no lo hizo.*",
        "model_gone": "*El modelo {gone} ya no se ofrece aquí, así que respondió {model}.*",
        # commands
        "unknown_command": "No conozco `{word}`.",
        "unknown_command_near": "No conozco `{word}`. ¿Querías decir `{near}`?",
        "hello": "¡Hola! Soy Mixtral. Pregúntame algo, o di `!help`.",
        "nothing_asked": "¿Qué quieres preguntar? Escribe tu pregunta después de `ask`.",
        "help": "**Soy Mixtral.** Mencióname con una pregunta, responde a uno de mis mensajes "
        "o escríbeme en privado.\n\n"
        "Después de una mención, o como comandos con barra:\n"
        "- `!temperature 0.3` (de 0 a 2): más baja, respuestas más previsibles; más alta, más atrevidas; "
        "o `!preset precise`\n"
        "- `!top_p 0.9`, `!repetition_penalty 1.2`, `!seed 42` (o `random`)\n"
        "- `!max_tokens 512`: lo larga que puede ser una respuesta\n"
        "- quien administra un canal los ajusta para todos (`0.3 me`: para sí), los demás para sus propias "
        "preguntas en él\n"
        "- `!system Eres un pirata.`: quién soy en este canal; `!prompt` guarda varios\n"
        "- `!model`, `!language` ({languages}); `!settings` los muestra todos y de dónde viene cada uno\n"
        "- `!stop`, `!regenerate`, `!continue`: mientras respondo y después; "
        "❌ en una respuesta también la detiene\n"
        "- `!why`: lo que vi para una respuesta; `!reset`: empezar de cero\n"
        "- `!export`: todo lo que guardo sobre ti; `!forget`: borrarlo\n\n"
        "Leo archivos de texto y documentos, no imágenes. En un hilo leo lo que se dijo antes cuando "
        "alguien me pregunta allí. Guardo las preguntas con aquello de lo que tratan, las respuestas y el "
        "nombre de quien preguntó, y las borro {kept}. Quien me administra puede leerlo.",
        "help_alone": "**Soy Mixtral.** Pregúntame algo, o di una de estas palabras:\n"
        "- `!temperature 0.3` (de 0 a 2): más baja, respuestas más previsibles; más alta, más atrevidas; "
        "o `!preset precise`\n"
        "- `!top_p 0.9`, `!repetition_penalty 1.2`, `!seed 42` (o `random`)\n"
        "- `!max_tokens 512`: lo larga que puede ser una respuesta\n"
        "- `!system Eres un pirata.`: quién soy aquí; `!prompt` guarda varios\n"
        "- `!model`, `!language` ({languages}); `!settings` los muestra todos y de dónde viene cada uno\n"
        "- `!stop`, `!regenerate`, `!continue`: mientras respondo y después\n"
        "- `!why`: lo que vi para una respuesta; `!reset`: empezar de cero\n"
        "- `!export`: todo lo que guardo sobre ti; `!forget`: borrarlo\n\n"
        "Guardo las preguntas con sus respuestas y el nombre de quien preguntó, y las borro {kept}. Quien me "
        "administra puede leerlo.",
        "kept_days": {"one": "al cabo de un día", "other": "al cabo de {count} días"},
        # an answer in the reader's hands
        "button_stop": "Detener",
        "button_regenerate": "Otra versión",
        "button_continue": "Continuar",
        "button_copy": "Copiar",
        "button_good": "👍 Buena respuesta",
        "button_bad": "👎 Mala respuesta",
        "button_earlier": "‹ Anterior",
        "button_later": "Siguiente ›",
        "button_reason": "Decir por qué",
        "button_forget": "Borrarlo todo",
        "stopped": "*Detenida.*",
        "stopping": "La respuesta se ha detenido.",
        "nothing_to_stop": "Aquí no hay nada que detener.",
        "not_yours": "Eso solo lo puede hacer quien hizo la pregunta o quien administra este canal.",
        "answer_gone": "Ya no guardo esta respuesta, así que no se ha cambiado nada.",
        "answer_whole": "Esta respuesta está completa: no hay nada que continuar.",
        "already_asked": "Eso ya está pedido.",
        "too_many_versions": "Ya hay {count} versiones de esta respuesta, y no guardo más.",
        "requested_again": "Estoy escribiendo otra versión.",
        "requested_show": "Muestro la otra versión.",
        "requested_go_on": "Continúo la respuesta.",
        "status_again": "⏳ Otra versión está en camino.",
        "status_redo": "⏳ La pregunta ha cambiado, así que la respondo de nuevo.",
        "copied": "Aquí tienes la respuesta tal como se escribió, en Markdown.",
        "rated": "Gracias, lo he anotado. Ayuda saber por qué: pulsa el botón, o di `!{word}` y el motivo.",
        "rated_why": "Gracias, lo he anotado con tu motivo.",
        "reason_title": "¿Por qué?",
        "reason_label": "En una o dos palabras",
        # a person's data
        "exported": {
            "one": "Todo lo que guardo sobre ti: una pregunta con su respuesta, y todo lo demás que es tuyo.",
            "other": "Todo lo que guardo sobre ti: {count} preguntas con sus respuestas, "
            "y todo lo demás que es tuyo.",
        },
        "forget_sure": "Esto borra todo lo que guardo sobre ti: tus preguntas y mis respuestas, "
        "también en los canales compartidos, tus ajustes privados, tus prompts de sistema y tus "
        "valoraciones. No se puede deshacer. Pulsa el botón, o di `!forget everything`.",
        "forgotten": "Borrado. Preguntas con sus respuestas: {turns}. Mensajes tuyos citados: "
        "{mentions}. Prompts de sistema: {texts}. Valoraciones: {ratings}. Los mensajes que están en "
        "los propios canales los tienes que borrar tú.",
        # a form for a question about a message
        "ask_title": "Preguntar sobre esto",
        "ask_label": "Tu pregunta, si tienes alguna",
        "ask_default": "¿Qué te parece esto?",
        # where a platform has buttons and forms
        "button_settings": "Cambiar los ajustes",
        "button_show": "Ver los ajustes",
        "old_button": "Este botón era de algo que ya no está aquí. No se ha cambiado nada.",
        "form_title": "Ajustes",
        "form_save": "Guardar",
        "form_cancel": "Cancelar",
        "refused_here": "Aquí no me está permitido hacer eso (`{reason}`). Quien me administra encuentra más "
        "en mi registro.",
        "form_late": "El formulario tardó demasiado en abrirse. Inténtalo otra vez, por favor.",
        "form_send": "Enviar",
        "form_origin": "Viene de: {origin}.",
        "form_pick": "Elige uno",
        "form_scope": "dónde vale",
        "hint_number": "De {low} a {high}. Vacío: el valor predeterminado.",
        "hint_seed": "Un número entero de {low} a {high}, o random. Vacío: el valor predeterminado.",
        "hint_system": "Quién soy aquí, en {limit} caracteres como mucho. Vacío: el valor predeterminado.",
        "hint_preset": "Sustituye a temperature, top_p y repetition_penalty.",
        "hint_language": "Lo que hablo yo aquí. Heredado: el idioma de cada persona.",
        "option_inherited": "heredado",
        "word_in_thread": "Cada hilo es una conversación aparte. En cualquiera, mencióname y di `!{word}`.",
        "file_sent": "Te lo he enviado en privado.",
        "file_forbidden": "Todavía no puedo entregar archivos. Quien me administra tiene que instalarme "
        "aquí otra vez, con todos los permisos que pido.",
        "not_in_channel": "No estoy en este canal. Invítame con `/invite` y vuelve a preguntar.",
        "home_title": "Mixtral",
        "home_what": "Respondo con Mixtral-8x7B-Instruct. Mencióname en un canal o escríbeme en la pestaña "
        "de mensajes. Cada hilo es una conversación; en él recuerdo lo que se dijo.",
        "home_keeps": "Guardo las preguntas que me hacen y mis respuestas, y las borro {kept}. "
        "Quien administra este bot puede leerlas; nadie más. En un hilo, !reset empieza de cero; "
        "!export y !forget sirven para todo lo que guardo sobre ti.",
        "home_sessions": "Tus conversaciones privadas",
        "home_no_sessions": "Ninguna por ahora.",
        "home_settings": "Tus ajustes en privado",
        **COMMANDS,
        **PAGE,
        **FIRST_STEPS,
        **RESET,
        **WHY,
    },
)
