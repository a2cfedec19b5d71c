"""Lets the chart of the year count what was done late by an index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("calendar_events", "0005_indexes_of_lists")]

    operations = [
        migrations.RemoveIndex(model_name="task", name="task_done_late"),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("completed_on__gt", models.F("due_on"))),
                fields=["event", "state"],
                name="task_done_late",
            ),
        ),
    ]
