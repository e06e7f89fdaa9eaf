package podautoscaler

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	metricsclient "k8s.io/kubernetes/pkg/controller/podautoscaler/metrics"
)

// Pod is one pod, and what the metrics say of it. Nothing: they say nothing.
type Pod struct {
	Pending, Warm     bool
	Cpu, Memory, Load *int64
}

// Timed is a number and how many seconds ago it was noted.
type Timed struct {
	Age   int
	Value int32
}

// Case is one question.
type Case struct {
	Current, Least, Most                         int32
	CpuPercent, MemoryPercent                    int32
	CpuRequest, MemoryRequest, LoadTarget, Total int64
	Pods                                         []Pod
	Wanted                                       int32
	Wishes, Ups, Downs                           []Timed
	Behavior                                     autoscalingv2.HorizontalPodAutoscalerBehavior
}

// Answer is what the controller decides. Minus one: it cannot tell.
type Answer struct {
	Cpu, Memory, Load, Together, Decided int32
}

type metrics struct{ of Case }

func (m metrics) GetResourceMetric(_ context.Context, name v1.ResourceName, _ string, _ labels.Selector, _ string) (metricsclient.PodMetricsInfo, time.Time, error) {
	return m.info(func(pod Pod) *int64 {
		if name == v1.ResourceCPU {
			return pod.Cpu
		}
		return pod.Memory
	}), time.Now(), nil
}

func (m metrics) GetRawMetric(string, string, labels.Selector, labels.Selector) (metricsclient.PodMetricsInfo, time.Time, error) {
	return m.info(func(pod Pod) *int64 { return pod.Load }), time.Now(), nil
}

func (m metrics) GetObjectMetric(string, string, *autoscalingv2.CrossVersionObjectReference, labels.Selector) (int64, time.Time, error) {
	return 0, time.Time{}, fmt.Errorf("not asked")
}

func (m metrics) GetExternalMetric(string, string, labels.Selector) ([]int64, time.Time, error) {
	return []int64{m.of.Total}, time.Now(), nil
}

func (m metrics) info(of func(Pod) *int64) metricsclient.PodMetricsInfo {
	found := metricsclient.PodMetricsInfo{}
	for index, pod := range m.of.Pods {
		if value := of(pod); value != nil {
			found[name(index)] = metricsclient.PodMetric{Timestamp: time.Now(), Window: 15 * time.Second, Value: *value}
		}
	}
	return found
}

func name(index int) string { return fmt.Sprintf("pod-%d", index) }

func pods(of Case) corelisters.PodLister {
	indexer := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})
	for index, each := range of.Pods {
		started := metav1.NewTime(time.Now().Add(-time.Minute))
		status := v1.PodStatus{Phase: v1.PodRunning, StartTime: &started}
		if each.Pending {
			status.Phase = v1.PodPending
		}
		ready := v1.ConditionFalse
		if each.Warm {
			ready = v1.ConditionTrue
		}
		status.Conditions = []v1.PodCondition{{Type: v1.PodReady, Status: ready, LastTransitionTime: metav1.NewTime(time.Now().Add(-30 * time.Second))}}
		requests := v1.ResourceList{
			v1.ResourceCPU:    *resource.NewMilliQuantity(of.CpuRequest, resource.DecimalSI),
			v1.ResourceMemory: *resource.NewMilliQuantity(of.MemoryRequest, resource.DecimalSI),
		}
		indexer.Add(&v1.Pod{
			ObjectMeta: metav1.ObjectMeta{Name: name(index), Namespace: "a", Labels: map[string]string{"a": "b"}},
			Spec:       v1.PodSpec{Containers: []v1.Container{{Name: "a", Resources: v1.ResourceRequirements{Requests: requests}}}},
			Status:     status,
		})
	}
	return corelisters.NewPodLister(indexer)
}

func decide(of Case) Answer {
	calculator := NewReplicaCalculator(metrics{of}, pods(of), 5*time.Minute, 30*time.Second)
	near := Tolerances{scaleDown: 0.1, scaleUp: 0.1}
	said := func(replicas int32, err error) int32 {
		if err != nil {
			return -1
		}
		return replicas
	}
	var answer Answer
	cpu, _, _, _, err := calculator.GetResourceReplicas(context.TODO(), of.Current, of.CpuPercent, v1.ResourceCPU, near, "a", labels.Everything(), "")
	answer.Cpu = said(cpu, err)
	memory, _, _, _, err := calculator.GetResourceReplicas(context.TODO(), of.Current, of.MemoryPercent, v1.ResourceMemory, near, "a", labels.Everything(), "")
	answer.Memory = said(memory, err)
	load, _, _, err := calculator.GetMetricReplicas(of.Current, of.LoadTarget, "load", near, "a", labels.Everything(), labels.Everything())
	answer.Load = said(load, err)
	together, _, _, err := calculator.GetExternalPerPodMetricReplicas(of.Current, of.LoadTarget, "load", near, "a", nil)
	answer.Together = said(together, err)

	controller := &HorizontalController{
		recommendations: map[string][]timestampedRecommendation{},
		scaleUpEvents:   map[string][]timestampedScaleEvent{},
		scaleDownEvents: map[string][]timestampedScaleEvent{},
	}
	ago := func(age int) time.Time { return time.Now().Add(-time.Duration(age) * time.Second) }
	for _, each := range of.Wishes {
		controller.recommendations["a"] = append(controller.recommendations["a"], timestampedRecommendation{each.Value, ago(each.Age)})
	}
	for _, each := range of.Ups {
		controller.scaleUpEvents["a"] = append(controller.scaleUpEvents["a"], timestampedScaleEvent{each.Value, ago(each.Age), false})
	}
	for _, each := range of.Downs {
		controller.scaleDownEvents["a"] = append(controller.scaleDownEvents["a"], timestampedScaleEvent{each.Value, ago(each.Age), false})
	}
	hpa := &autoscalingv2.HorizontalPodAutoscaler{Spec: autoscalingv2.HorizontalPodAutoscalerSpec{MaxReplicas: of.Most, Behavior: &of.Behavior}}
	answer.Decided = controller.normalizeDesiredReplicasWithBehaviors(hpa, "a", of.Current, of.Wanted, of.Least)
	return answer
}

// Decide answers a JSON list of cases with a list of answers.
func Decide(in io.Reader, out io.Writer) error {
	var cases []Case
	if err := json.NewDecoder(in).Decode(&cases); err != nil {
		return err
	}
	answers := make([]Answer, len(cases))
	for index, each := range cases {
		answers[index] = decide(each)
	}
	return json.NewEncoder(out).Encode(answers)
}
