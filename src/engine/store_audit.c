/* store_audit - a record of the audit becomes a line that hangs on the one before. */
#include "engine/store_ops.h"

bool store_add_audit(struct store *s, struct audit_record *r, GError **err)
{
	struct audit_head head;
	g_autoptr(GString) line = g_string_sized_new(256);

	if (!s->ops->audit_head(s, &head, err))
		return false;
	r->no = head.no + 1;
	audit_line(line, r);
	audit_link(&head, line->str, line->len);
	return s->ops->audit_put(s, &head, line->str, err);
}

bool store_seal_audit(struct store *s, const struct audit_signer *signer, struct instant at, GError **err)
{
	struct audit_head head;
	g_autofree char *body = NULL;
	struct audit_record r = { .at = at, .kind = AUDIT_SEAL, .who = AUDIT_WHO_SELF };

	if (!s->ops->audit_head(s, &head, err))
		return false;
	r.body = body = audit_seal(signer, &head);
	return store_add_audit(s, &r, err);
}
