"""The life of a connector through kafka-connect-py; prints what every client prints."""

import sys
import time

from kafka_connect import KafkaConnect
from requests.exceptions import HTTPError

url, name = sys.argv[1], sys.argv[2]
client = KafkaConnect(url=url)
config = {"connector.class": "FileStreamSource", "file": f"{name}.txt", "topic": name, "tasks.max": "1"}


def say(step, result):
    print(f"{step}: {result}", flush=True)


def await_state(state):
    while True:
        status = client.get_connector_status(name)
        if status["connector"]["state"] == state and all(task["state"] == state for task in status["tasks"]):
            return say("state", state)
        time.sleep(0.02)


say("listed", name in client.list_connectors())
say("plugin", any(plugin["class"].endswith("FileStreamSourceConnector") for plugin in client.list_connector_plugins()))
created = client.create_connector({"name": name, "config": config})
say("created", created["config"]["topic"] == name)
await_state("RUNNING")
client.pause_connector(name)
await_state("PAUSED")
client.resume_connector(name)
await_state("RUNNING")
client.update_connector(name, {**config, "batch.size": "500"})
say("updated", client.get_connector_config(name)["batch.size"])
await_state("RUNNING")
client.restart_connector(name)
await_state("RUNNING")
say("tasks", len(client.list_connector_tasks(name)))
client.delete_connector(name)
try:
    client.get_connector(name)
    say("gone", False)
except HTTPError as error:
    say("gone", error.response.status_code == 404)
