"""What Slack refuses, by its word for why, and what is done about it. Data.

From the lists of errors on the pages of the methods that we call (docs.slack.dev/reference/methods/…), read
in November 2026; `source` names the page. A code that is not here is one that this version does not know.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What is refused, and so what is done."""

    ACCESSORY = "accessory"
    """Something beside the text: it is left out, or another way is taken."""
    TEXT = "text"
    """This text: what stands is settled, with a word."""
    BLOCKED = "blocked"
    """This text, by the workspace's own rules: it is not handed out another way either."""
    PLACE = "place"
    """To write there, or to that person: they are told where they can be."""
    APP = "app"
    """To the app, in the whole workspace, until somebody gives it what it lacks: as a place."""
    ACCESS = "access"
    """To the app, for its own token or the way to Slack: likewise, but it is for whoever runs it to mend."""
    GONE = "gone"
    """Somebody took it away: the answer ends quietly."""
    TOO_FAST = "too fast"
    FAILING = "failing"
    """Slack's own trouble: the same call may well succeed later."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """`without`: the argument that is left out; "" where whoever called has another way. `remedy`: what an
    operator does about it."""

    kind: Kind
    source: str
    without: str
    remedy: str
    code: str
    meaning: str


ACCESSORY, TEXT, BLOCKED, PLACE, APP, ACCESS, GONE, TOO_FAST, FAILING = Kind

POST, EPHEMERAL, UPDATE, DELETE = "chat.postMessage", "chat.postEphemeral", "chat.update", "chat.delete"
STREAM, APPEND, STATUS = "chat.startStream", "chat.appendStream", "agents.sessions.setStatus"
VIEW, HOME, OPEN, REPLIES = "views.open", "views.publish", "conversations.open", "conversations.replies"
UPLOAD, SHARE = "files.getUploadURLExternal", "files.completeUploadExternal"
NONE = "what answers is no Slack"

INSTALL = "Install the app again, and set SLACK_BOT_TOKEN to the new token (or visit /slack/install)."
SCOPES = (
    "Add the scope under OAuth & Permissions, Bot Token Scopes, and install the app again; "
    "`mixtral-bot slack-manifest` prints a manifest that has them all, `mixtral-bot doctor` what is missing."
)
INVITE = "Invite the bot: /invite @Mixtral in that channel."
ADMIN = "Ask an admin of the workspace."
HOME_TAB = "Turn on the Home Tab under App Home."
MESSAGES_TAB = "Turn on the Messages Tab under App Home."
PROXY = "Is a proxy or a firewall between? SLACK_API_URL must be a Web API's base."

# fmt: off
ROWS = (
    (ACCESSORY, POST, "blocks", "", "invalid_blocks", "the blocks are not valid"),
    (ACCESSORY, POST, "blocks", "", "invalid_blocks_format", "the blocks do not match Block Kit"),
    (ACCESSORY, POST, "blocks", "", "msg_blocks_too_long", "the blocks are too long"),
    (ACCESSORY, UPDATE, "blocks", "", "block_mismatch", "other blocks stand there"),
    (ACCESSORY, POST, "thread_ts", "", "cannot_reply_to_message", "that message can't have replies"),
    (ACCESSORY, POST, "thread_ts", "", "restricted_action_non_threadable_channel", "no threads there"),
    (ACCESSORY, POST, "metadata", "", "invalid_metadata_format", "the metadata are not valid"),
    (ACCESSORY, POST, "metadata", "", "invalid_metadata_schema", "the metadata do not match their schema"),
    (ACCESSORY, POST, "metadata", "", "metadata_must_be_sent_from_app", "this token may not send metadata"),
    (ACCESSORY, POST, "metadata", "", "metadata_too_large", "the metadata are too large"),
    (ACCESSORY, APPEND, "", "", "message_not_in_streaming_state", "the stream is over"),
    (ACCESSORY, UPDATE, "", "", "streaming_state_conflict", "a stream is open on the message"),
    (ACCESSORY, APPEND, "", "", "stopped_by_user", "the reader stopped the stream"),
    (ACCESSORY, STREAM, "", "", "missing_recipient_team_id", "a stream needs its reader's team"),
    (ACCESSORY, STREAM, "", "", "missing_recipient_user_id", "a stream needs its reader"),
    (ACCESSORY, STATUS, "", "", "thread_ts_not_allowed", "a session of a channel has no thread"),
    (ACCESSORY, STATUS, "", "", "thread_ts_required", "a session stands in a thread"),
    (ACCESSORY, STATUS, "", "", "invalid_status", "no such status"),
    (ACCESSORY, STATUS, "", "", "not_authorized", "not a member of the channel"),
    (ACCESSORY, VIEW, "", "", "expired_trigger_id", "the form was opened too late"),
    (ACCESSORY, VIEW, "", "", "trigger_expired", "the form was opened too late"),
    (ACCESSORY, VIEW, "", "", "exchanged_trigger_id", "the form was opened before"),
    (ACCESSORY, VIEW, "", "", "trigger_exchanged", "the form was opened before"),
    (ACCESSORY, VIEW, "", "", "invalid_trigger_id", "Slack does not know what was pressed"),
    (ACCESSORY, VIEW, "", "", "view_too_large", "the form is too large"),
    (ACCESSORY, VIEW, "", "", "duplicate_external_id", "the form's name is taken"),
    (ACCESSORY, VIEW, "", "", "hash_conflict", "the page has changed meanwhile"),
    (ACCESSORY, HOME, "", HOME_TAB, "not_enabled", "the app has no Home tab"),
    (ACCESSORY, UPLOAD, "", ADMIN, "file_uploads_disabled", "the workspace takes no files"),
    (ACCESSORY, UPLOAD, "", ADMIN, "file_upload_size_restricted", "the workspace takes no file of this size"),
    (ACCESSORY, UPLOAD, "", ADMIN, "storage_limit_reached", "the workspace's storage is full"),
    (ACCESSORY, SHARE, "", "", "file_not_found", "the file is not there"),
    (ACCESSORY, SHARE, "", "", "file_update_failed", "the file could not be changed"),
    (ACCESSORY, SHARE, "", "", "missing_file_data", "the file is not whole"),
    (ACCESSORY, UPLOAD, "", "", "missing_argument", "an argument is missing"),
    (ACCESSORY, UPLOAD, "", "", "snippet_too_large", "the file is too large for a snippet"),
    (ACCESSORY, UPLOAD, "", "", "unknown_snippet_type", "no such kind of file"),
    (ACCESSORY, UPLOAD, "", "", "unknown_subtype", "no such kind of file"),
    (ACCESSORY, UPLOAD, "", "", "alt_txt_too_large", "the file's description is too long"),

    (TEXT, POST, "", "", "msg_too_long", "the text is too long"),
    (TEXT, POST, "", "", "no_text", "there is no text"),
    (TEXT, POST, "", "", "too_many_attachments", "there are too many attachments"),
    (TEXT, UPDATE, "", "", "invalid_attachments", "the attachments are not valid"),
    (TEXT, POST, "", "", "attachment_payload_limit_exceeded", "the attachments are too long"),
    (TEXT, POST, "", "", "too_many_contact_cards", "there are too many contact cards"),
    (TEXT, POST, "", "", "markdown_text_conflict", "Markdown goes without blocks"),
    (TEXT, POST, "", "", "invalid_arguments", "an argument is not valid"),
    (TEXT, POST, "", "", "invalid_arg_name", "an argument's name is not valid"),
    (TEXT, POST, "", "", "invalid_array_arg", "an argument is a list"),
    (TEXT, POST, "", "", "invalid_charset", "the character set is not valid"),
    (TEXT, POST, "", "", "invalid_form_data", "the form is not valid"),
    (TEXT, POST, "", "", "invalid_post_type", "the type of content is not valid"),
    (TEXT, POST, "", "", "missing_post_type", "the type of content is missing"),
    (TEXT, POST, "", "", "as_user_not_supported", "the app writes as itself alone"),
    (TEXT, UPDATE, "", "", "cant_broadcast_message", "the message can't be shown in the channel"),
    (TEXT, UPDATE, "", "", "no_dual_broadcast_content_update", "two changes at once"),
    (TEXT, REPLIES, "", "", "invalid_cursor", "the page is not there any more"),
    (TEXT, REPLIES, "", "", "invalid_ts_latest", "the time is not valid"),
    (TEXT, REPLIES, "", "", "invalid_ts_oldest", "the time is not valid"),
    (TEXT, POST, "", "", "duplicate_channel_not_found", "the message's own id is not known"),
    (TEXT, POST, "", "", "duplicate_message_not_found", "the message's own id is not known"),

    (BLOCKED, POST, "", "", "slack_connect_canvas_sharing_blocked", "canvases are not shared there"),
    (BLOCKED, POST, "", "", "slack_connect_file_link_sharing_blocked", "files are not shared there"),
    (BLOCKED, POST, "", "", "slack_connect_lists_sharing_blocked", "lists are not shared there"),

    (PLACE, POST, "", INVITE, "not_in_channel", "the bot is not in the channel"),
    (PLACE, POST, "", ADMIN, "is_archived", "the channel is archived"),
    (PLACE, POST, "", ADMIN, "restricted_action", "the workspace does not let the bot write there"),
    (PLACE, POST, "", ADMIN, "restricted_action_read_only_channel", "nobody may write in the channel"),
    (PLACE, POST, "", ADMIN, "restricted_action_thread_locked", "the thread is locked"),
    (PLACE, POST, "", ADMIN, "restricted_action_thread_only_channel", "nothing but replies there"),
    (PLACE, POST, "", ADMIN, "channel_is_read_only", "nobody may write in the channel"),
    (PLACE, POST, "", ADMIN, "ekm_access_denied", "admins have suspended writing there"),
    (PLACE, POST, "", ADMIN, "message_limit_exceeded", "the workspace may send no more messages just now"),
    (PLACE, POST, "", MESSAGES_TAB, "messages_tab_disabled", "the app takes no direct messages"),
    (PLACE, UPDATE, "", ADMIN, "cant_update_message", "the message is not the bot's"),
    (PLACE, UPDATE, "", ADMIN, "edit_window_closed", "the workspace does not let messages be edited so late"),
    (PLACE, UPDATE, "", ADMIN, "is_inactive", "the channel is frozen, archived or deleted"),
    (PLACE, DELETE, "", ADMIN, "cant_delete_message", "the message is not the bot's"),
    (PLACE, OPEN, "", "", "cannot_dm_bot", "a bot gets no direct messages"),
    (PLACE, OPEN, "", "", "user_disabled", "the person's account is closed"),
    (PLACE, OPEN, "", "", "user_not_found", "there is no such person"),
    (PLACE, OPEN, "", "", "user_not_visible", "the bot may not see the person"),
    (PLACE, EPHEMERAL, "", "", "user_not_in_channel", "the person is not in the channel"),
    (PLACE, OPEN, "", "", "invalid_user_combination", "no channel is shared with the person"),
    (PLACE, OPEN, "", "", "users_list_not_supplied", "no person is named"),
    (PLACE, OPEN, "", "", "not_enough_users", "too few people are named"),
    (PLACE, OPEN, "", "", "too_many_users", "too many people are named"),
    (PLACE, SHARE, "", "", "posting_to_channel_denied", "the bot may not write in the channel"),

    (ACCESS, POST, "", SCOPES, "missing_scope", "the token lacks a scope"),
    (ACCESS, POST, "", INSTALL, "account_inactive", "the token's workspace or bot is deleted"),
    (ACCESS, POST, "", INSTALL, "invalid_auth", "the token is not valid"),
    (ACCESS, POST, "", INSTALL, "not_authed", "there is no token"),
    (ACCESS, POST, "", INSTALL, "token_expired", "the token is over"),
    (ACCESS, POST, "", INSTALL, "token_revoked", "the token was revoked"),
    (ACCESS, POST, "", INSTALL, "invalid_refresh_token", "the token can't be renewed"),
    (ACCESS, POST, "", INSTALL, "not_installed", "the app is not installed there"),
    (APP, POST, "", ADMIN, "no_permission", "the token does not have the permission"),
    (APP, POST, "", ADMIN, "access_denied", "access is denied"),
    (APP, POST, "", ADMIN, "accesslimited", "this network may not call the method"),
    (APP, POST, "", ADMIN, "not_allowed", "it is not allowed"),
    (APP, POST, "", ADMIN, "team_access_not_granted", "the token may not act in this workspace"),
    (APP, POST, "", ADMIN, "team_not_found", "the workspace is not known"),
    (APP, POST, "", ADMIN, "enterprise_is_restricted", "the method can't be called from an organisation"),
    (APP, POST, "", ADMIN, "org_login_required", "the workspace is moved to an organisation just now"),
    (APP, POST, "", ADMIN, "two_factor_setup_required", "the workspace asks for a second factor"),
    (APP, STREAM, "", "", "unknown_method", "Slack does not have the method here"),
    (APP, STREAM, "", "", "method_deprecated", "the method is no more"),
    (APP, STREAM, "", "", "deprecated_endpoint", "the method is no more"),
    (APP, STREAM, "", "", "not_allowed_token_type", "the method takes no token of this kind"),
    (APP, OPEN, "", "", "method_not_supported_for_channel_type", "not for channels of this kind"),
    (APP, STREAM, "", "", "channel_type_not_supported", "not for channels of this kind"),
    (APP, STREAM, "", "", "feature_not_enabled", "the workspace does not have the feature"),
    (APP, STATUS, "", "", "feature_disabled", "the workspace does not have the feature"),
    (APP, STREAM, "", "", "not_an_agent", "the app is no agent"),
    (APP, STREAM, "", "", "is_bot", "a bot of the old kind may not call the method"),
    (ACCESS, NONE, "", PROXY, "html", "a web page answers in Slack's place"),

    (GONE, UPDATE, "", "", "channel_not_found", "the channel is gone, or the bot may not see it"),
    (GONE, UPDATE, "", "", "message_not_found", "the message is gone"),
    (GONE, REPLIES, "", "", "thread_not_found", "the thread is gone"),
    (GONE, SHARE, "", "", "invalid_channel", "the channel is gone, or the bot may not see it"),

    (TOO_FAST, POST, "", "", "rate_limited", "too many messages"),
    (TOO_FAST, POST, "", "", "ratelimited", "too many calls"),

    (FAILING, POST, "", "", "fatal_error", "Slack's own trouble"),
    (FAILING, POST, "", "", "internal_error", "Slack's own trouble"),
    (FAILING, POST, "", "", "request_timeout", "the call did not arrive whole"),
    (FAILING, POST, "", "", "service_unavailable", "Slack is not available"),
    (FAILING, POST, "", "", "team_added_to_org", "the workspace is moved to an organisation just now"),
    (FAILING, STREAM, "", "", "messaging_processing_failed", "Slack's own trouble"),
    (FAILING, UPDATE, "", "", "update_failed", "Slack's own trouble"),
    (FAILING, UPDATE, "", "", "external_channel_migrating", "the channel is moved just now"),
)
# fmt: on

REFUSALS: Mapping[str, Refusal] = MappingProxyType({row[4]: Refusal(*row) for row in ROWS})
"""By Slack's code."""
