// Renders a Helm chart where there is no helm, with what helm itself uses: Go's text/template, sprig, sigs.k8s.io/yaml and gojsonschema.
//
//	chart-render CHART NAMESPACE < values.json
//
// Prints the documents of all templates; each begins with a comment that names its template. An error is one line on standard error, exit code 1.
// Knows nothing of the chart. The functions and objects of templates are those of helm.sh/docs/chart_template_guide (built-in objects, function list);
// missing are lookup (nothing is there without a cluster, as in helm template), getHostByName and the subcharts.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"github.com/gobwas/glob"
	"github.com/xeipuuv/gojsonschema"
	"sigs.k8s.io/yaml"
)

type values = map[string]interface{}

func main() {
	if len(os.Args) != 3 {
		fail("usage: chart-render CHART NAMESPACE < values.json")
	}
	given, err := io.ReadAll(os.Stdin)
	must(err)
	chart, err := load(os.Args[1])
	must(err)
	text, err := chart.render(os.Args[2], given)
	must(err)
	fmt.Print(text)
}

type chart struct {
	metadata  values
	defaults  values
	schema    []byte
	templates map[string]string
	files     files
}

func load(folder string) (*chart, error) {
	read := &chart{templates: map[string]string{}, files: files{}, defaults: values{}, metadata: values{}}
	err := filepath.Walk(folder, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, _ := filepath.Rel(folder, path)
		name := filepath.ToSlash(relative)
		switch {
		case name == "Chart.yaml":
			return yaml.Unmarshal(content, &read.metadata)
		case name == "values.yaml":
			return yaml.UnmarshalStrict(content, &read.defaults)
		case name == "values.schema.json":
			read.schema = content
		case strings.HasPrefix(name, "templates/"):
			read.templates[name] = string(content)
		default:
			read.files[name] = content
		}
		return nil
	})
	return read, err
}

func (it *chart) render(namespace string, given []byte) (string, error) {
	set := values{}
	if err := yaml.UnmarshalStrict(given, &set); err != nil {
		return "", fmt.Errorf("values: %w", err)
	}
	merged := merge(it.defaults, set)
	if err := it.validate(merged); err != nil {
		return "", err
	}
	metadata := values{}
	for key, value := range it.metadata { // helm names fields as its Go type does
		metadata[strings.ToUpper(key[:1])+key[1:]] = value
	}
	root := template.New("chart").Option("missingkey=zero")
	root.Funcs(functions(root))
	names := []string{}
	for name, text := range it.templates {
		if _, err := root.New(name).Parse(text); err != nil {
			return "", err
		}
		names = append(names, name)
	}
	sort.Strings(names)
	out := &strings.Builder{}
	for _, name := range names {
		if strings.HasPrefix(filepath.Base(name), "_") || strings.HasSuffix(name, ".txt") {
			continue
		}
		data := values{
			"Values": merged, "Chart": metadata, "Files": it.files,
			"Release":      values{"Name": "kollect", "Namespace": namespace, "Service": "Helm", "IsInstall": true, "IsUpgrade": false, "Revision": 1},
			"Capabilities": values{"KubeVersion": values{"Version": "v1.32.0", "Major": "1", "Minor": "32"}, "APIVersions": apiVersions{}},
			"Template":     values{"Name": "kollect/" + name, "BasePath": "kollect/templates"},
		}
		text := &bytes.Buffer{}
		if err := root.ExecuteTemplate(text, name, data); err != nil {
			return "", err
		}
		rendered := strings.ReplaceAll(text.String(), "<no value>", "")
		for _, document := range strings.Split("\n"+rendered, "\n---") {
			if strings.TrimSpace(document) != "" {
				fmt.Fprintf(out, "---\n# Source: %s\n%s\n", name, strings.Trim(document, "\n"))
			}
		}
	}
	return out.String(), nil
}

func (it *chart) validate(merged values) error {
	if it.schema == nil {
		return nil
	}
	document, err := json.Marshal(merged)
	if err != nil {
		return err
	}
	result, err := gojsonschema.Validate(gojsonschema.NewBytesLoader(it.schema), gojsonschema.NewBytesLoader(document))
	if err != nil {
		return fmt.Errorf("values.schema.json: %w", err)
	}
	if result.Valid() {
		return nil
	}
	problems := []string{}
	for _, problem := range result.Errors() {
		problems = append(problems, problem.String())
	}
	return fmt.Errorf("values don't meet the specifications of the schema: %s", strings.Join(problems, "; "))
}

// merge lays values over defaults, map by map; null removes a default.
func merge(defaults, set values) values {
	merged := values{}
	for key, value := range defaults {
		merged[key] = value
	}
	for key, value := range set {
		below, isMap := value.(values)
		under, wasMap := merged[key].(values)
		switch {
		case value == nil:
			delete(merged, key)
		case isMap && wasMap:
			merged[key] = merge(under, below)
		default:
			merged[key] = value
		}
	}
	return merged
}

func functions(root *template.Template) template.FuncMap {
	all := sprig.TxtFuncMap()
	delete(all, "env")
	delete(all, "expandenv")
	all["toYaml"] = func(value interface{}) (string, error) {
		text, err := yaml.Marshal(value)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	all["fromYaml"] = func(text string) (values, error) {
		read := values{}
		return read, yaml.Unmarshal([]byte(text), &read)
	}
	all["toJson"] = func(value interface{}) (string, error) {
		text, err := json.Marshal(value)
		return string(text), err
	}
	all["required"] = func(message string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return nil, fmt.Errorf("%s", message)
		}
		return value, nil
	}
	all["include"] = func(name string, data interface{}) (string, error) {
		text := &strings.Builder{}
		err := root.ExecuteTemplate(text, name, data)
		return text.String(), err
	}
	all["tpl"] = func(text string, data interface{}) (string, error) {
		copied, err := root.Clone()
		if err != nil {
			return "", err
		}
		parsed, err := copied.New("tpl").Parse(text)
		if err != nil {
			return "", err
		}
		out := &strings.Builder{}
		err = parsed.Execute(out, data)
		return out.String(), err
	}
	all["lookup"] = func(string, string, string, string) values { return values{} }
	return all
}

// files are those of the chart that are neither templates nor known by name.
type files map[string][]byte

func (it files) Get(name string) string { return string(it[name]) }

func (it files) Glob(pattern string) (files, error) {
	matches, err := glob.Compile(pattern, '/')
	if err != nil {
		return nil, err
	}
	found := files{}
	for name, content := range it {
		if matches.Match(name) {
			found[name] = content
		}
	}
	return found, nil
}

type apiVersions struct{}

func (apiVersions) Has(string) bool { return true }

func must(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(text string) {
	fmt.Fprintln(os.Stderr, "Error: "+strings.ReplaceAll(text, "\n", " "))
	os.Exit(1)
}
