"""What people do, as the audit log names it for people; the codes are what the database keeps."""

from app.rules.errors import N_

LABELS = {
    "account.sign_up": N_("made an account"),
    "account.create_admin": N_("made an administrator on the command line"),
    "account.rename": N_("took another name"),
    "account.change_password": N_("changed the password"),
    "account.reset_password": N_("set a new password with a link"),
    "account.make_reset_link": N_("made a link for a new password"),
    "account.change_email": N_("changed the e-mail address"),
    "account.activate": N_("let sign in again"),
    "account.deactivate": N_("stopped from signing in"),
    "account.make_admin": N_("made an administrator"),
    "account.unmake_admin": N_("made no longer an administrator"),
    "account.allow_hosting": N_("let host"),
    "account.disallow_hosting": N_("let host no longer"),
    "session.sign_in": N_("signed in"),
    "session.end": N_("signed out another browser"),
    "session.end_others": N_("signed out all other browsers"),
    "session.end_all": N_("signed out everywhere"),
    "token.make": N_("made an access token"),
    "token.revoke": N_("revoked an access token"),
    "invitation.make": N_("made an invitation"),
    "invitation.withdraw": N_("withdrew an invitation"),
    "site.set_up": N_("set up the site"),
    "site.change": N_("changed the settings"),
    "challenge.uploaded": N_("uploaded a challenge"),
    "challenge.tried": N_("tried a challenge out"),
    "challenge.approved": N_("approved a challenge"),
    "challenge.approval_withdrawn": N_("withdrew an approval"),
    "challenge.published": N_("published a challenge"),
    "challenge.hidden": N_("hid a challenge"),
    "environment.asked": N_("asked for an environment"),
    "environment.left": N_("left an environment"),
    "environment.removed": N_("removed an environment"),
    "version.uploaded": N_("uploaded a new version"),
    "version.approved": N_("approved a new version"),
    "version.rejected": N_("rejected a new version"),
    "version.taken_back": N_("took a new version back"),
    "challenge.names_hidden": N_("made the teams of a challenge anonymous"),
    "challenge.names_shown": N_("showed the names of the teams of a challenge"),
    "board.changed": N_("changed how a leaderboard is shown"),
    "board.revealed": N_("revealed a leaderboard"),
    "submission.marked": N_("marked a submission"),
    "submission.rerun": N_("had submissions evaluated again"),
    "submission.deleted": N_("deleted a submission"),
    "challenge.zone": N_("set the time zone of a challenge"),
    "phase.allowance": N_("changed what a phase takes"),
    "file.shared": N_("shared a file"),
    "file.withheld": N_("withheld a file"),
}


def deed_label(action: str) -> str:
    """Return the words for an action, the code itself when there are none."""
    return LABELS.get(action, action)
