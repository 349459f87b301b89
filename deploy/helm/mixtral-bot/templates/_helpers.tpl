{{- define "bot.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}
{{- end -}}
{{- end }}

{{- define "bot.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "bot.labels" -}}
{{ include "bot.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- /* What can't go well is said before anything is made. */}}
{{- define "bot.checked" -}}
{{- $several := or (gt (int .Values.replicas) 1) .Values.autoscaling.enabled }}
{{- if and .Values.redis.embedded $several }}
{{- fail "redis.embedded is for one process: set replicas to 1 and autoscaling.enabled to false, or give a Redis of your own." }}
{{- end }}
{{- if not (or .Values.redis.embedded .Values.redis.url .Values.redis.secret.name .Values.secretName) }}
{{- fail "There is no store: set redis.url, redis.secret.name, a secretName whose secret has REDIS_URL, or redis.embedded." }}
{{- end }}
{{- if and .Values.page.enabled (not .Values.secretName) }}
{{- fail "page.enabled wants a secretName whose secret has WEB_PASSWORD or WEB_USERS." }}
{{- end }}
{{- if and .Values.ingress.enabled .Values.page.enabled (not .Values.page.host) }}
{{- fail "ingress.enabled with page.enabled wants page.host." }}
{{- end }}
{{- if and .Values.ingress.enabled .Values.slack.http (not .Values.slack.host) }}
{{- fail "ingress.enabled with slack.http wants slack.host." }}
{{- end }}
{{- if and .Values.ingress.enabled (not (or .Values.page.enabled .Values.slack.http)) }}
{{- fail "ingress.enabled has nothing to lead to: set page.enabled or slack.http." }}
{{- end }}
{{- end }}
