// Azure Monitor cannot publish to Event Grid by itself: its alert goes to an action group, the action group calls a small
// workflow, and the workflow, with its own identity, puts the alert into the topic as it is (the common alert schema).
param name string
param location string
param topicName string
param profileName string

@description('The profile\'s endpoint whose loss is an alert.')
param endpointName string

@description('Empty for nobody.')
param mailReceiver string

var people = [
  {
    name: 'people'
    emailAddress: mailReceiver
    useCommonAlertSchema: true
  }
]

resource topic 'Microsoft.EventGrid/topics@2025-02-15' existing = {
  name: topicName
}

resource profile 'Microsoft.Network/trafficManagerProfiles@2022-04-01' existing = {
  name: profileName
}

resource bridge 'Microsoft.Logic/workflows@2019-05-01' = {
  name: '${name}-dr-alerts'
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    state: 'Enabled'
    definition: {
      '$schema': 'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#'
      contentVersion: '1.0.0.0'
      parameters: {
        topicEndpoint: {
          type: 'String'
        }
      }
      triggers: {
        alert: {
          type: 'Request'
          kind: 'Http'
          inputs: {
            schema: {}
          }
        }
      }
      actions: {
        publish: {
          type: 'Http'
          runAfter: {}
          inputs: {
            method: 'POST'
            uri: '@{parameters(\'topicEndpoint\')}?api-version=2018-01-01'
            headers: {
              'Content-Type': 'application/json'
            }
            body: [
              {
                id: '@{guid()}'
                eventType: 'DrFunctions.AzureMonitorAlert'
                subject: '@{triggerBody()?[\'data\']?[\'essentials\']?[\'alertRule\']}'
                eventTime: '@{utcNow()}'
                dataVersion: '1.0'
                data: '@triggerBody()'
              }
            ]
            authentication: {
              type: 'ManagedServiceIdentity'
              audience: 'https://eventgrid.azure.net'
            }
            retryPolicy: {
              type: 'exponential'
              count: 8
              interval: 'PT5S'
              maximumInterval: 'PT1M'
            }
          }
        }
      }
    }
    parameters: {
      topicEndpoint: {
        value: topic.properties.endpoint
      }
    }
  }
}

// EventGrid Data Sender.
resource sendEvents 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(topic.id, bridge.id, 'DataSender')
  scope: topic
  properties: {
    principalId: bridge.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'd5a91429-5739-47e2-a06b-3470a27159e7')
  }
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${name}-dr'
  location: 'global'
  properties: {
    groupShortName: take('${name}-dr', 12)
    enabled: true
    logicAppReceivers: [
      {
        name: 'event-grid'
        resourceId: bridge.id
        callbackUrl: listCallbackUrl('${bridge.id}/triggers/alert', '2019-05-01').value
        useCommonAlertSchema: true
      }
    ]
    emailReceivers: empty(mailReceiver) ? [] : people
  }
}

// 1 while the endpoint answers Traffic Manager's probes, 0 while it does not. The plan lists the profile under alerts.resources.
resource endpointLost 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-dr-primary-lost'
  location: 'global'
  properties: {
    description: 'Traffic Manager no longer reaches the primary region.'
    severity: 0
    enabled: true
    autoMitigate: true
    scopes: [
      profile.id
    ]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT1M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'endpoint-state'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.Network/trafficManagerProfiles'
          metricName: 'ProbeAgentCurrentEndpointStateByProfileResourceId'
          operator: 'LessThan'
          threshold: 1
          timeAggregation: 'Maximum'
          dimensions: [
            {
              name: 'EndpointName'
              operator: 'Include'
              values: [
                endpointName
              ]
            }
          ]
        }
      ]
    }
    actions: [
      {
        actionGroupId: actionGroup.id
      }
    ]
  }
}
