{{- define "kollect.labels" -}}
app.kubernetes.io/name: kollect
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "kollect.selector" -}}
app.kubernetes.io/name: kollect
app.kubernetes.io/component: operator
{{- end }}

{{- define "kollect.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- define "kollect.webhookName" -}}
kollect-webhook.{{ .Release.Namespace }}.svc
{{- end }}
