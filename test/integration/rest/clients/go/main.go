// The life of a connector through two clients, one after the other; prints what every client prints.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	cloudhut "github.com/cloudhut/connect-client"
	gokafka "github.com/go-kafka/connect"
)

// client is what a life needs of one.
type client interface {
	list() ([]string, error)
	create(name string, config map[string]string) (map[string]string, error)
	states(name string) ([]string, error)
	pause(name string) error
	resume(name string) error
	update(name string, config map[string]string) error
	config(name string) (map[string]string, error)
	restart(name string) error
	tasks(name string) (int, error)
	delete(name string) error
	isGone(name string) bool
}

func main() {
	url, name := os.Args[1], os.Args[2]
	if strings.HasSuffix(name, "cloudhut") {
		live(newCloudhut(url), name)
	} else {
		live(gokafkaClient{gokafka.NewClient(url)}, name)
	}
}

func live(c client, name string) {
	config := map[string]string{"connector.class": "FileStreamSource", "file": name + ".txt", "topic": name, "tasks.max": "1"}
	listed, err := c.list()
	check(err)
	say("listed", contains(listed, name))
	plugin, err := hasPlugin(os.Args[1])
	check(err)
	say("plugin", plugin)
	created, err := c.create(name, config)
	check(err)
	say("created", created["topic"] == name)
	awaitState(c, name, "RUNNING")
	check(c.pause(name))
	awaitState(c, name, "PAUSED")
	check(c.resume(name))
	awaitState(c, name, "RUNNING")
	config["batch.size"] = "500"
	check(c.update(name, config))
	changed, err := c.config(name)
	check(err)
	say("updated", changed["batch.size"])
	awaitState(c, name, "RUNNING")
	check(c.restart(name))
	awaitState(c, name, "RUNNING")
	tasks, err := c.tasks(name)
	check(err)
	say("tasks", tasks)
	check(c.delete(name))
	say("gone", c.isGone(name))
}

func awaitState(c client, name string, state string) {
	for {
		states, err := c.states(name)
		check(err)
		same := true
		for _, each := range states {
			same = same && each == state
		}
		if same {
			say("state", state)
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// hasPlugin asks through the one of the clients that can list plugins.
func hasPlugin(url string) (bool, error) {
	plugins, err := cloudhut.NewClient(cloudhut.WithHost(url)).GetConnectorPlugins(context.Background())
	for _, plugin := range plugins {
		if strings.HasSuffix(plugin.Class, "FileStreamSourceConnector") {
			return true, err
		}
	}
	return false, err
}

type gokafkaClient struct{ *gokafka.Client }

func (c gokafkaClient) list() ([]string, error) {
	names, _, err := c.ListConnectors()
	return names, err
}
func (c gokafkaClient) create(name string, config map[string]string) (map[string]string, error) {
	connector := gokafka.Connector{Name: name, Config: config}
	_, err := c.CreateConnector(&connector)
	return connector.Config, err
}
func (c gokafkaClient) states(name string) ([]string, error) {
	status, _, err := c.GetConnectorStatus(name)
	if err != nil {
		return nil, err
	}
	states := []string{status.Connector.State}
	for _, task := range status.Tasks {
		states = append(states, task.State)
	}
	return states, nil
}
func (c gokafkaClient) pause(name string) error  { _, err := c.PauseConnector(name); return err }
func (c gokafkaClient) resume(name string) error { _, err := c.ResumeConnector(name); return err }
func (c gokafkaClient) update(name string, config map[string]string) error {
	_, _, err := c.UpdateConnectorConfig(name, config)
	return err
}
func (c gokafkaClient) config(name string) (map[string]string, error) {
	config, _, err := c.GetConnectorConfig(name)
	return config, err
}
func (c gokafkaClient) restart(name string) error { _, err := c.RestartConnector(name); return err }
func (c gokafkaClient) tasks(name string) (int, error) {
	tasks, _, err := c.GetConnectorTasks(name)
	return len(tasks), err
}
func (c gokafkaClient) delete(name string) error { _, err := c.DeleteConnector(name); return err }
func (c gokafkaClient) isGone(name string) bool {
	_, response, err := c.GetConnector(name)
	return err != nil && response.StatusCode == http.StatusNotFound
}

type cloudhutClient struct {
	*cloudhut.Client
	context.Context
}

func newCloudhut(url string) client {
	return cloudhutClient{cloudhut.NewClient(cloudhut.WithHost(url)), context.Background()}
}
func (c cloudhutClient) list() ([]string, error) { return c.ListConnectors(c) }
func (c cloudhutClient) create(name string, config map[string]string) (map[string]string, error) {
	info, err := c.CreateConnector(c, cloudhut.CreateConnectorRequest{Name: name, Config: untyped(config)})
	return info.Config, err
}
func (c cloudhutClient) states(name string) ([]string, error) {
	status, err := c.GetConnectorStatus(c, name)
	states := []string{status.Connector.State}
	for _, task := range status.Tasks {
		states = append(states, task.State)
	}
	return states, err
}
func (c cloudhutClient) pause(name string) error  { return c.PauseConnector(c, name) }
func (c cloudhutClient) resume(name string) error { return c.ResumeConnector(c, name) }
func (c cloudhutClient) update(name string, config map[string]string) error {
	_, err := c.PutConnectorConfig(c, name, cloudhut.PutConnectorConfigOptions{Config: untyped(config)})
	return err
}
func (c cloudhutClient) config(name string) (map[string]string, error) {
	return c.GetConnectorConfig(c, name)
}
func (c cloudhutClient) restart(name string) error {
	return c.RestartConnector(c, name, cloudhut.RestartConnectorOptions{})
}
func (c cloudhutClient) tasks(name string) (int, error) {
	info, err := c.GetConnector(c, name)
	return len(info.Tasks), err
}
func (c cloudhutClient) delete(name string) error { return c.DeleteConnector(c, name) }
func (c cloudhutClient) isGone(name string) bool {
	_, err := c.GetConnector(c, name)
	apiError, ok := err.(cloudhut.ApiError)
	return ok && apiError.ErrorCode == http.StatusNotFound
}

func untyped(config map[string]string) map[string]interface{} {
	values := map[string]interface{}{}
	for key, value := range config {
		values[key] = value
	}
	return values
}

func contains(names []string, name string) bool {
	for _, each := range names {
		if each == name {
			return true
		}
	}
	return false
}

func say(step string, result interface{}) { fmt.Printf("%s: %v\n", step, result) }

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
