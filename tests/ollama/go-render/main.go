// Renders Go templates as Ollama 0.17 does (template.Execute and collate of its package template): messages in, prompt out.
// Reads a JSON list of {template, system, messages} from stdin, writes a JSON list of texts.
package main

import (
	"encoding/json"
	"os"
	"strings"
	"text/template"
)

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type job struct {
	Template string    `json:"template"`
	System   string    `json:"system"`
	Messages []message `json:"messages"`
}

func collate(messages []message) (string, []*message) {
	var system []string
	var collated []*message
	for i := range messages {
		if messages[i].Role == "system" {
			system = append(system, messages[i].Content)
		}
		if n := len(collated); n > 0 && collated[n-1].Role == messages[i].Role {
			collated[n-1].Content += "\n\n" + messages[i].Content
		} else {
			collated = append(collated, &messages[i])
		}
	}
	return strings.Join(system, "\n\n"), collated
}

func render(j job) string {
	if j.System != "" && j.Messages[0].Role != "system" {
		j.Messages = append([]message{{"system", j.System}}, j.Messages...)
	}
	system, messages := collate(j.Messages)
	var text strings.Builder
	parsed := template.Must(template.New("").Option("missingkey=zero").Parse(j.Template))
	values := map[string]any{"System": system, "Messages": messages, "Response": ""}
	if err := parsed.Execute(&text, values); err != nil {
		panic(err)
	}
	return text.String()
}

func main() {
	var jobs []job
	if err := json.NewDecoder(os.Stdin).Decode(&jobs); err != nil {
		panic(err)
	}
	texts := []string{}
	for _, j := range jobs {
		texts = append(texts, render(j))
	}
	if err := json.NewEncoder(os.Stdout).Encode(texts); err != nil {
		panic(err)
	}
}
