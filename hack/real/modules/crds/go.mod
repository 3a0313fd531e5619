// Modules from which hack/real/build takes nothing but the files of resource definitions.
module serin.dev/hack/real/crds

go 1.26.0

require (
	github.com/kedacore/keda/v2 v2.21.0
	github.com/servicemeshinterface/smi-sdk-go v0.5.0
	istio.io/api v1.31.1
	sigs.k8s.io/gateway-api v1.6.1
)
