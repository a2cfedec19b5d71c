"""Keeps an administrator's account free of any other kind of role, in both databases.

The service refuses it first, in words. This stands behind it for what comes past the service and
for grants at the same instant: on PostgreSQL the user's row is locked, so that the second waits and
then sees the first; SQLite has one writer at a time.
"""

from django.db import migrations, models

CLASH = """
    SELECT 1 FROM organizations_role held
    WHERE NEW.withdrawn_at IS NULL AND held.withdrawn_at IS NULL
    AND held.user_id = NEW.user_id AND held.id <> NEW.id AND held.kind <> NEW.kind
    AND (held.kind IN ('system_admin', 'security_admin', 'auditor')
         OR NEW.kind IN ('system_admin', 'security_admin', 'auditor'))
    AND (held.until IS NULL OR held.until >= NEW.since)
    AND (NEW.until IS NULL OR NEW.until >= held.since)
"""
WORDS = "an administrator holds no other kind of role"
SQLITE = {
    f"role_apart_{name}": (
        f"CREATE TRIGGER role_apart_{name} AFTER {event} ON organizations_role "
        f"WHEN EXISTS ({CLASH}) BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    )
    for name, event in (("insert", "INSERT"), ("update", "UPDATE"))
}
POSTGRESQL = (
    f"""
    CREATE FUNCTION role_apart() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
        IF EXISTS ({CLASH}) THEN
            RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'exclusion_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    (
        "CREATE TRIGGER role_apart BEFORE INSERT OR UPDATE ON organizations_role "
        "FOR EACH ROW EXECUTE FUNCTION role_apart()"
    ),
)


def guard(_apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if postgres else SQLITE.values():
        schema_editor.execute(statement)


def unguard(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION role_apart() CASCADE")
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_withdraw_roles")]
    operations = [
        migrations.AlterField(
            model_name="role",
            name="kind",
            field=models.CharField(
                choices=[
                    ("officer", "局机关工作人员"),
                    ("leader", "局领导"),
                    ("reviewer", "上级党组织审核人"),
                    ("secretary", "书记"),
                    ("acting_head", "主持工作"),
                    ("deputy", "副书记"),
                    ("clerk", "党务干事"),
                    ("system_admin", "系统管理员"),
                    ("security_admin", "安全管理员"),
                    ("auditor", "审计管理员"),
                ],
                max_length=20,
                verbose_name="角色",
            ),
        ),
        migrations.RunPython(guard, unguard),
    ]
