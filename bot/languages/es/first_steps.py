"""El camino de un ensayo a un modelo, en la página."""

from collections.abc import Mapping

from bot.languages.language import Phrase

FIRST_STEPS: Mapping[str, Phrase] = {
    "web_dry_run": "Esto es un ensayo: no hay ningún modelo configurado y las respuestas muestran lo que "
    "se le "
    "habría enviado. Quien mantiene el bot elige uno con mixtral-bot setup o con el enlace que muestra su "
    "terminal: un token de Hugging Face, la dirección de un servidor o un servidor de modelos en esa "
    "máquina.",
    "web_dry_run_yours": "Esto es un ensayo: no hay ningún modelo configurado y las respuestas muestran "
    "lo que "
    "se le habría enviado.",
    "web_steps_open": "Elegir un modelo",
    "web_steps_title": "¿Qué modelo debe responder?",
    "web_steps_used": "Este enlace ya se ha usado o el bot ha vuelto a arrancar desde entonces: su terminal "
    "muestra el que vale.",
    "web_steps_here": "En esta máquina",
    "web_steps_looking": "Buscando un servidor de modelos …",
    "web_steps_none": "No se ha encontrado ninguno. Se buscan Ollama, llama.cpp, vLLM, LM Studio y TGI en "
    "sus "
    "puertos habituales.",
    "web_steps_again": "Buscar otra vez",
    "web_steps_use": "Usar {title}",
    "web_steps_model": "Modelo de {title}",
    "web_steps_server": "Un servidor en otro lugar",
    "web_steps_url": "Su dirección, como http://192.168.1.20:8000",
    "web_steps_key": "Su clave, si la pide",
    "web_steps_hub": "Hugging Face",
    "web_steps_token": "Un token que pueda llamar a los proveedores de inferencia",
    "web_steps_tokens": "Crear uno en huggingface.co",
    "web_steps_try": "Probar y usar",
    "web_steps_longer": "Respuestas de hasta 1024 tokens, cada una con otra semilla",
    "web_steps_longer_why": "Sin ello una respuesta tiene como mucho 256 tokens, que cortan casi todas "
    "las de una "
    "conversación, y la misma pregunta recibe otra vez las mismas palabras (semilla 42).",
    "web_steps_trying": "Probando …",
    "web_steps_taken": "Responde. El bot vuelve a arrancar con él: quédate aquí, lo que escribas se guarda.",
    "web_steps_done": "El modelo está ahí. Pregúntale algo.",
}
