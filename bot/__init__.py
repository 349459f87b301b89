"""What the bot does. Standard library only: no network, no chat platform, no store, no environment.

One message, ten lines:

 1. A platform's adapter makes an event of what it was sent                  conversation.events
 2. and hands it to `receive`, which asks who may be heard                   service.intake, service.admission
 3. and submits it: the same message twice is one                            ports
 4. One process claims it, one question of a conversation at a time          service.worker
 5. The question joins the turns before it                                   conversation
 6. in exactly the prompt that Mixtral was trained on, cut to its window     answering.prompt
 7. The model streams, with deadlines, retried until the first word          answering.model_call
 8. A `Reply` grows, shown as fast as the platform lets it                   display.reply, display.pacing
 9. until it ends, for whatever reason, in words                             answering.answer
10. and the turn is committed as it was shown                                answering.answer

Values move one way: platform -> store -> answer -> prompt -> model -> reply -> platform.
The law: `bot` imports the standard library and itself, and each folder only what lies below it:
service > commands | answering > display > ports > languages > conversation, errors. Effects arrive as the
parameters that `ports` describes; `adapters/composition/` is where they are handed over.
"""
