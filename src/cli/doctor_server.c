/* doctor_server - the checks between the configuration file and the server's answer. */
#include <string.h>

#include "cli/doctor.h"
#include "sync/sync.h"

/* Beyond this a window's start and end are felt to be wrong. */
#define CLOCK_WARN_MS (30 * SECOND_MS)
#define CLOCK_BAD_MS  (5 * MINUTE_MS)
#define SLOW_MS       3000

void doctor_configuration(struct doctor *d)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *path = profile_config_path();

	if (!cli_load_profile(d->cli, &err)) {
		doctor_say(d, DOCTOR_BAD, "keyrack --print-config prints a file to start from",
			   "%s", err->message);
		return;
	}
	const struct profile *p = d->cli->profile;
	doctor_say(d, DOCTOR_OK, NULL, "profile %s, server %s (%s)", p->id, p->endpoint,
		   g_file_test(path, G_FILE_TEST_EXISTS) ? path : "from the environment");
	for (guint i = 0; p->warnings && i < p->warnings->len; i++)
		doctor_say(d, DOCTOR_WARN, "Correct it, or take it out", "%s",
			   (char *)p->warnings->pdata[i]);
	if (g_str_has_prefix(p->endpoint, "http://") && !strstr(p->endpoint, "://127.") &&
	    !strstr(p->endpoint, "://localhost") && !strstr(p->endpoint, "://[::1]"))
		doctor_say(d, DOCTOR_WARN, "Use https:// unless the way there is yours alone",
			   "The API key and PINs travel unencrypted to %s", p->endpoint);
}

void doctor_credentials(struct doctor *d)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *where = NULL;

	d->api_key = credential_load(d->cli->profile, &where, &err);
	if (d->api_key)
		doctor_say(d, DOCTOR_OK, NULL, "API key from %s", where ? where : "somewhere");
	else
		doctor_say(d, DOCTOR_BAD,
			   "Put the key into a file of mode 0600 and name it: api-key-file = FILE",
			   "%s", err->message);
}

const char *doctor_server_remedy(const GError *err)
{
	/* said: words of the message by which one trouble is told from the others of its kind. */
	static const struct {
		enum keyrack_error code;
		const char *said, *remedy;
	} row[] = {
		{ KEYRACK_ERROR_AUTH, "", "Ask whoever runs the server for a valid API key" },
		{ KEYRACK_ERROR_NETWORK, "no secure connection",
		  "The server has to speak TLS 1.2 or newer; or is it one of http:// ?" },
		{ KEYRACK_ERROR_NETWORK, "broke before",
		  "Is it a server of https:// ? Else look at what lies on the way to it" },
		{ KEYRACK_ERROR_NETWORK, "", "Check the endpoint's name, the network, a firewall" },
		{ KEYRACK_ERROR_TLS, "expired",
		  "Its certificate has to be renewed, unless this computer's clock is wrong" },
		{ KEYRACK_ERROR_TLS, "not yet valid", "Is this computer's clock right? (timedatectl set-ntp true)" },
		{ KEYRACK_ERROR_TLS, "", "Is it the right server? A private certificate needs ca-file = FILE" },
		{ KEYRACK_ERROR_SERVER, "",
		  "The server is in trouble, or the endpoint is not one of "
		  "Seam's API" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(row); i++)
		if (g_error_matches(err, KEYRACK_ERROR, (int)row[i].code) && strstr(err->message, row[i].said))
			return row[i].remedy;
	return "Check the endpoint";
}

void doctor_server(struct doctor *d)
{
	g_autoptr(GError) err = NULL;

	if (!d->api_key)
		return;
	d->answered = probe_server(d->cli->profile, d->api_key, &d->probe, &err);
	if (!d->answered)
		doctor_say(d, DOCTOR_BAD, doctor_server_remedy(err), "%s", err->message);
	else if (d->probe.took_ms > SLOW_MS)
		doctor_say(d, DOCTOR_WARN, "Changes will take their time",
			   "answers, after %" G_GINT64_FORMAT " ms", d->probe.took_ms);
	else
		doctor_say(d, DOCTOR_OK, NULL, "answers, in %" G_GINT64_FORMAT " ms",
			   d->probe.took_ms);
}

void doctor_clock(struct doctor *d)
{
	int64_t offset = d->probe.clock_offset_ms;
	int64_t size = offset < 0 ? -offset : offset;
	char text[CIVIL_TEXT_MAX];

	if (!d->answered)
		return;
	if (!d->probe.has_clock) {
		doctor_say(d, DOCTOR_WARN, NULL, "the server does not say what time it has");
		return;
	}
	if (size < 2 * SECOND_MS) {
		doctor_say(d, DOCTOR_OK, NULL, "agrees with the server's");
		return;
	}
	doctor_say(d, size >= CLOCK_BAD_MS ? DOCTOR_BAD
		      : size >= CLOCK_WARN_MS ? DOCTOR_WARN : DOCTOR_OK,
		   size >= CLOCK_WARN_MS ? "Set this computer's clock (timedatectl set-ntp true)"
					 : NULL,
		   "this computer's is %s %s the server's", duration_text(offset, text),
		   offset > 0 ? "behind" : "ahead of");
}
