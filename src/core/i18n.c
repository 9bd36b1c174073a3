/* i18n - gettext behind one door, and three languages that nobody speaks; see the header. */
#include "config.h"

#include "core/i18n.h"

#include <libintl.h>
#include <stdbool.h>
#include <string.h>

#define DOMAIN "keyrack"

/* Who did not ask for it, a command or keyrackd, is never translated. */
static bool wanted;
static char pseudo; /* 'l'ong, 'w'ide, 'r'ight to left; 0: a language that somebody speaks */

/* ---- the pseudo-locales ---- */

/* One letter that looks like the other; what has none stands for itself. */
static const struct {
	char mode;
	const char *from, *to;
} alphabets[] = {
	{ 'l', "aeiouyAEIOUYcnsz", "áéíóúýÁÉÍÓÚÝçñšž" },
	{ 'w', "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
	  "ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ" },
	{ 'r', "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
	  "אבגדהוזחטיכלמנסעפצקרשתאבגדאבגדהוזחטיכלמנסעפצקרשתאבגד" },
};

static size_t utf8_bytes(const char *p)
{
	return (size_t)g_utf8_skip[(guchar)*p];
}

static gunichar letter(char c)
{
	for (size_t i = 0; i < G_N_ELEMENTS(alphabets); i++) {
		const char *at = alphabets[i].mode == pseudo ? strchr(alphabets[i].from, c) : NULL;
		const char *like = alphabets[i].to;

		for (const char *p = alphabets[i].from; at && p < at; p++)
			like += utf8_bytes(like);
		if (at)
			return g_utf8_get_char(like);
	}
	return (gunichar)(unsigned char)c;
}

/* Bytes of the conversion that s begins with ("%s", "%2$-5d", "%" G_GINT64_FORMAT), or of a named place
 * ("{find}"); 0: none. */
static size_t conversion(const char *s)
{
	size_t n = 1;

	if (*s == '{') {
		n += strspn(s + n, "abcdefghijklmnopqrstuvwxyz-");
		return n > 1 && s[n] == '}' ? n + 1 : 0;
	}
	if (*s != '%')
		return 0;
	n += strspn(s + n, "0123456789$-+ #.*'hlqjzt");
	return n + (s[n] != '\0');
}

static char *disguised(const char *words)
{
	GString *s = g_string_new(pseudo == 'l' ? "⟦" : NULL);
	int letters = 0;

	for (const char *p = words; *p;) {
		size_t taken = conversion(p);

		if (!taken && (unsigned char)*p < 0x80) {
			letters += g_ascii_isalpha(*p) != 0;
			g_string_append_unichar(s, letter(*p));
			taken = 1;
		} else if (!taken) {
			taken = utf8_bytes(p);
			g_string_append_len(s, p, (gssize)taken);
		} else {
			g_string_append_len(s, p, (gssize)taken);
		}
		p += taken;
	}
	/* German and Finnish need some four tenths more; short words twice as much. */
	for (int i = 0; pseudo == 'l' && i < letters * 4 / 10 + 1; i++)
		g_string_append_c(s, '~');
	if (pseudo == 'l')
		g_string_append(s, "⟧");
	return g_string_free(s, FALSE);
}

/* The same pointer for the same words for ever, as gettext does it. */
static const char *pseudo_get(const char *words)
{
	static GMutex mutex;
	static GHashTable *known;
	char *anew;

	g_mutex_lock(&mutex);
	if (!known)
		known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	anew = g_hash_table_lookup(known, words);
	if (!anew) {
		anew = disguised(words);
		g_hash_table_insert(known, g_strdup(words), anew);
	}
	g_mutex_unlock(&mutex);
	return anew;
}

/* ---- the door ---- */

void i18n_init(void)
{
	const char *folder = g_getenv("KEYRACK_LOCALEDIR"), *mode = g_getenv("KEYRACK_PSEUDO");

	wanted = true;
	pseudo = mode && *mode && strchr("lwr", *mode) ? *mode : '\0';
	bindtextdomain(DOMAIN, folder && *folder ? folder : KEYRACK_LOCALEDIR);
	bind_textdomain_codeset(DOMAIN, "UTF-8");
}

const char *i18n_get(const char *words)
{
	/* gettext("") is the catalogue's own head. */
	if (!words || !*words)
		return "";
	return !wanted ? words : pseudo ? pseudo_get(words) : dgettext(DOMAIN, words);
}

const char *i18n_get_many(const char *one, const char *many, unsigned long n)
{
	if (!wanted)
		return n == 1 ? one : many;
	return pseudo ? pseudo_get(n == 1 ? one : many) : dngettext(DOMAIN, one, many, n);
}
