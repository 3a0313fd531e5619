{{/* One plain manifest, for the namespace of the release. */}}
{{- define "serin.manifest" -}}
{{- $text := .root.Files.Get (printf "manifests/%s.yaml" .name) -}}
{{- $text = $text | replace "namespace: serin\n" (printf "namespace: %s\n" .root.Release.Namespace) -}}
{{- $text | replace "system:serviceaccount:serin:serin" (printf "system:serviceaccount:%s:serin" .root.Release.Namespace) -}}
{{- end }}

{{/* The flags of the controller, a line each. */}}
{{- define "serin.arguments" -}}
{{- $flags := list (printf "--hold=%s" .Values.hold) (printf "--log-format=%s" .Values.logFormat) -}}
{{- if .Values.provider }}{{ $flags = append $flags (printf "--provider=%s" .Values.provider) }}{{ end -}}
{{- if .Values.metricsServer }}{{ $flags = append $flags (printf "--metrics-server=%s" .Values.metricsServer) }}{{ end -}}
{{- if .Values.metricsServerSecret }}{{ $flags = append $flags (printf "--metrics-server-secret=%s" .Values.metricsServerSecret) }}{{ end -}}
{{- range concat $flags .Values.args }}
            - {{ . | quote }}
{{- end }}
{{- end }}
