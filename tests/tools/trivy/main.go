// Trivy's own checks of Kubernetes objects, and nothing else of it: no registry is asked, and no check is downloaded.
// Of a folder of manifests it tells each finding on a line of its own, as JSON.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"github.com/aquasecurity/trivy/pkg/iac/rego"
	"github.com/aquasecurity/trivy/pkg/iac/scanners/kubernetes"
)

type finding struct {
	Check    string `json:"check"`
	Severity string `json:"severity"`
	Title    string `json:"title"`
	File     string `json:"file"`
	Message  string `json:"message"`
}

func main() {
	scanner := kubernetes.NewScanner(rego.WithEmbeddedPolicies(true), rego.WithEmbeddedLibraries(true))
	results, err := scanner.ScanFS(context.Background(), os.DirFS(os.Args[1]), ".")
	if err != nil {
		log.Fatal(err)
	}
	if len(results) == 0 {
		log.Fatal("nothing was checked")
	}
	written := json.NewEncoder(os.Stdout)
	for _, each := range results.GetFailed() {
		rule := each.Rule()
		told := finding{
			Check:    rule.ID,
			Severity: string(each.Severity()),
			Title:    rule.Summary,
			File:     each.Metadata().Range().GetLocalFilename(),
			Message:  each.Description(),
		}
		if err := written.Encode(told); err != nil {
			log.Fatal(err)
		}
	}
}
