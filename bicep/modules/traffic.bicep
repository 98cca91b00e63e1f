// Traffic Manager in front of the workload's web apps, as it is at home: the primary first.
param profileName string
param primaryEndpoint string
param primarySite string
param secondaryEndpoint string
param secondarySite string

resource primaryApp 'Microsoft.Web/sites@2024-04-01' existing = {
  name: primarySite
}

resource secondaryApp 'Microsoft.Web/sites@2024-04-01' existing = {
  name: secondarySite
}

resource profile 'Microsoft.Network/trafficManagerProfiles@2022-04-01' = {
  name: profileName
  location: 'global'
  properties: {
    profileStatus: 'Enabled'
    trafficRoutingMethod: 'Priority'
    dnsConfig: {
      relativeName: profileName
      ttl: 30
    }
    monitorConfig: {
      protocol: 'HTTPS'
      port: 443
      path: '/health'
      intervalInSeconds: 10
      timeoutInSeconds: 5
      toleratedNumberOfFailures: 2
    }
    endpoints: [
      {
        name: primaryEndpoint
        type: 'Microsoft.Network/trafficManagerProfiles/azureEndpoints'
        properties: {
          targetResourceId: primaryApp.id
          endpointStatus: 'Enabled'
          priority: 1
        }
      }
      {
        name: secondaryEndpoint
        type: 'Microsoft.Network/trafficManagerProfiles/azureEndpoints'
        properties: {
          targetResourceId: secondaryApp.id
          endpointStatus: 'Enabled'
          priority: 2
        }
      }
    ]
  }
}
