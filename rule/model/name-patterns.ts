/** The id of a VPC, subnet, network interface or transit gateway flow log. */
export const FLOW_LOG_ID = /^fl-[0-9a-f]{8,17}$/;

/** https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationAggregator.html */
export const AGGREGATOR_NAME = /^[\w-]{1,256}$/;
