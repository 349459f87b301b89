"""What the bot does. Standard library only: no network, no Discord, no Redis, no environment.

One message, ten lines:

 1. A platform's adapter makes an `IncomingMessage` of what it was sent      messages
 2. and hands it to `Service.receive`, which asks who may be heard           service, admission
 3. and submits it: the same message twice is one                            ports.Mailbox
 4. One process claims it, one question of a conversation at a time          service
 5. The question joins the turns before it                                   conversation, settings
 6. in exactly the prompt that Mixtral was trained on, cut to its window     prompt
 7. The model streams, with deadlines, retried until the first word          model_call
 8. A `Reply` grows, shown as fast as the platform lets it                   reply, draft, pacing
 9. until it ends, for whatever reason, in words                             answer, errors, languages
10. and the turn is committed as it was shown                                answer

Values move one way: platform -> mailbox -> answer -> prompt -> model -> reply -> platform.
The law: `bot` imports the standard library and itself. Effects arrive as the parameters
that `ports` describes; `adapters/composition/` is where they are handed over.
"""
