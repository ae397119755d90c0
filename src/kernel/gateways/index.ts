export { type GatewayNews, type GatewayRecord, gatewaysPrefix } from './gateway-record.js';
export {
  type GatewayRegistry,
  type GatewayRegistryOptions,
  openGatewayRegistry,
} from './gateway-registry.js';
