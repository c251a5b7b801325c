"""Coming and going: sign in, sign up, sign out, links that let somebody in, language."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from app import clock
from app.queries import accounts as account_queries
from app.rules.agents import browser_words
from app.rules.errors import N_, Invalid, NotFound, TooMany
from app.rules.redirects import safe_target
from app.rules.states import SignUpPolicy
from app.services import accounts, invitations, registration, sessions
from app.services.registration import Entry
from app.web import locale
from app.web.access import Access, open_to
from app.web.answers import shown
from app.web.auth import account_at_browser, browser, forget, remember, signed_in_account, token_at_browser
from app.web.errors import STATUS
from app.web.forms.accounts import ChangePasswordForm, ConfirmForm, NewPasswordForm, ProfileForm, SignInForm, SignUpForm
from app.web.forms.base import text
from app.web.settings import current_site, settings

bp = Blueprint("accounts", __name__)
bp.add_app_template_filter(browser_words)
YEAR_S = 365 * 86400


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to(Access.ANYBODY)
def sign_in() -> ResponseReturnValue:
    target = safe_target(request.args.get("next"), default=url_for("home.index"))
    if request.method == "GET" and signed_in_account():
        return redirect(target, 303)
    form = SignInForm()
    page = "accounts/sign_in.html"
    if not form.validate_on_submit():
        return shown(page, form, target=target)
    try:
        token = accounts.sign_in(
            text(form.who), text(form.password), browser=browser(), now=clock.now(), replacing=token_at_browser()
        )
    except (Invalid, TooMany) as problem:
        return shown(page, form, problem, target=target)
    remember(token)
    return redirect(target, 303)


@bp.route("/sign-up", methods=["GET", "POST"])
@open_to(Access.ANYBODY)
def sign_up() -> ResponseReturnValue:
    if signed_in_account():
        return redirect(url_for("home.index"), 303)
    if current_site().sign_up is SignUpPolicy.INVITATION:
        return render_template("accounts/by_invitation.html")
    form = SignUpForm()
    if not form.validate_on_submit():
        return shown("accounts/sign_up.html", form)
    try:
        token = registration.sign_up(_entry(form), browser=browser(), now=clock.now())
    except (Invalid, TooMany) as problem:
        return shown("accounts/sign_up.html", form, problem)
    return _welcomed(token)


@bp.post("/sign-out")
@open_to(Access.ANYBODY)
def sign_out() -> ResponseReturnValue:
    token = token_at_browser()
    if token:
        sessions.sign_out(token)
    forget()
    flash(_("You are signed out."), "success")
    return redirect(url_for("accounts.sign_in"), 303)


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@open_to(Access.ANYBODY)
def invitation(token: str) -> ResponseReturnValue:
    found = account_queries.open_invitation(token, now=clock.now())
    if found is None:
        raise NotFound(invitations.DEAD_LINK)
    return _reset(token) if found.account_id is not None else _accept(token, found.email)


@bp.route("/confirm", methods=["GET", "POST"])
@open_to(Access.SIGNED_IN)
def confirm() -> ResponseReturnValue:
    target = safe_target(request.args.get("next"), default=url_for("home.index"))
    form = ConfirmForm()
    if not form.validate_on_submit():
        return shown("accounts/confirm.html", form, target=target)
    try:
        token = accounts.confirm(
            account_at_browser(), text(form.password), token=current_user.token, browser=browser(), now=clock.now()
        )
    except (Invalid, TooMany) as problem:
        return shown("accounts/confirm.html", form, problem, target=target)
    remember(token)
    flash(_("Thank you. Now repeat the step."), "success")
    return redirect(target, 303)


@bp.route("/profile", methods=["GET", "POST"])
@open_to(Access.SIGNED_IN)
def profile() -> ResponseReturnValue:
    account = account_at_browser()
    form = ProfileForm(name=account.name, language=account.language or locale.selected(), timezone=account.timezone)
    if not form.validate_on_submit():
        return _profile(form, ChangePasswordForm(formdata=None), status=422 if form.is_submitted() else 200)
    try:
        accounts.change_profile(
            account,
            name=text(form.name),
            timezone=form.timezone.data or None,
            language=form.language.data,
            now=clock.now(),
        )
    except Invalid as problem:
        return _profile(form.refused(problem), ChangePasswordForm(formdata=None), status=422)
    with force_locale(form.language.data):  # the page that shows it speaks the language just chosen
        flash(_("Your profile is saved."), "success")
    return redirect(url_for("accounts.profile"), 303)


@bp.post("/profile/password")
@open_to(Access.SIGNED_IN)
def change_password() -> ResponseReturnValue:
    account = account_at_browser()
    form = ChangePasswordForm()
    unchanged = ProfileForm(
        formdata=None, name=account.name, language=account.language or locale.selected(), timezone=account.timezone
    )
    if not form.validate():
        return _profile(unchanged, form, status=422)
    try:
        token = accounts.change_password(
            account, current=text(form.current), new=text(form.password), browser=browser(), now=clock.now()
        )
    except (Invalid, TooMany) as problem:
        return _profile(unchanged, form.refused(problem), status=STATUS[type(problem)])
    remember(token)
    flash(_("Your password is changed. All other browsers were signed out."), "success")
    return redirect(url_for("accounts.profile"), 303)


@bp.post("/profile/sessions/<int:sign_in_id>/end")
@open_to(Access.SIGNED_IN)
def end_session(sign_in_id: int) -> ResponseReturnValue:
    sessions.end_one(account_at_browser(), sign_in_id, now=clock.now())
    flash(_("That browser is signed out."), "success")
    return redirect(url_for("accounts.profile"), 303)


@bp.post("/profile/sessions/end-others")
@open_to(Access.SIGNED_IN)
def end_other_sessions() -> ResponseReturnValue:
    sessions.end_others(account_at_browser(), token=current_user.token, now=clock.now())
    flash(_("All other browsers are signed out."), "success")
    return redirect(url_for("accounts.profile"), 303)


@bp.post("/language")
@open_to(Access.ANYBODY, before_set_up=True)
def set_language() -> ResponseReturnValue:
    answer = redirect(safe_target(request.form.get("next"), default=url_for("home.index")), 303)
    language = request.form.get("language", "")
    if language not in locale.LANGUAGES:
        raise Invalid(N_("Shiai does not speak this language yet."))
    account = signed_in_account()
    if account is not None:
        accounts.set_language(account, language)
    # the cookie also serves the pages after signing out
    answer.set_cookie(
        locale.LANGUAGE_COOKIE,
        language,
        max_age=YEAR_S,
        httponly=True,
        samesite="Lax",
        secure=settings().is_https,
    )
    return answer


def _profile(profile_form: ProfileForm, password_form: ChangePasswordForm, *, status: int) -> ResponseReturnValue:
    html = render_template(
        "accounts/profile.html",
        profile_form=profile_form,
        password_form=password_form,
        sign_ins=account_queries.sign_ins_of(account_at_browser(), now=clock.now()),
        own_hash=account_queries.token_hash(current_user.token),
    )
    return html, status


def _accept(token: str, email: str | None) -> ResponseReturnValue:
    if signed_in_account():
        flash(_("You have an account already. Sign out first if the invitation is for somebody else."), "warning")
        return redirect(url_for("home.index"), 303)
    form = SignUpForm(email=email)
    page = "accounts/invitation.html"
    if not form.validate_on_submit():
        return shown(page, form, token=token)
    try:
        session_token = invitations.accept(token, _entry(form), browser=browser(), now=clock.now())
    except (Invalid, TooMany) as problem:
        return shown(page, form, problem, token=token)
    return _welcomed(session_token)


def _reset(token: str) -> ResponseReturnValue:
    form = NewPasswordForm()
    page = "accounts/reset.html"
    if not form.validate_on_submit():
        return shown(page, form, token=token)
    try:
        session_token = invitations.reset_password(token, text(form.password), browser=browser(), now=clock.now())
    except (Invalid, TooMany) as problem:
        return shown(page, form, problem, token=token)
    remember(session_token)
    flash(_("Your new password is set, and you are signed in. Other browsers were signed out."), "success")
    return redirect(url_for("home.index"), 303)


def _entry(form: SignUpForm) -> Entry:
    return registration.checked_entry(
        name=text(form.name),
        email=text(form.email),
        password=text(form.password),
        site_name=current_site().name,
        language=locale.selected(),
    )


def _welcomed(token: str) -> ResponseReturnValue:
    remember(token)
    flash(_("Welcome. Your account is ready."), "success")
    return redirect(url_for("home.index"), 303)
