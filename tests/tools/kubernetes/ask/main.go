package main

import (
	"log"
	"os"

	"openpolicy.ca/observability/tests/tools/kubernetes/podautoscaler"
)

func main() {
	if err := podautoscaler.Decide(os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}
